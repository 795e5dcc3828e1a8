import { expect, it } from "vitest";
import { isMistake } from "../../src/transport/retry.ts";
import { calls, connect, failure, json, serve } from "../support/servers.ts";

const READ = Response.json({});
await READ.text();
const MISTAKES: [string, (url: string, init: RequestInit) => Promise<Response>][] = [
  [
    "reads a field of undefined",
    async () => (undefined as unknown as { agent: { fetch: typeof fetch } }).agent.fetch(""),
  ],
  [
    "names a variable that does not exist",
    async () => Reflect.apply(new Function("return noSuchAgent"), undefined, []) as Response,
  ],
  ["asks for a text that is no address", async () => fetch("not an address")],
  ["reads something that is not JSON", async () => JSON.parse("<html>") as Response],
  ["gives nothing", () => undefined as never],
  ["gives something that is no Response", async () => ({}) as Response],
  ["gives a body that was read before", async () => READ],
];

it.each(MISTAKES)(
  "a fetch that %s fails the call at once as a wrong option, and not as a connection",
  async (_what, fetch) => {
    let asked = 0;
    const oplead = connect("http://127.0.0.1:1", {
      fetch: (url, init) => {
        asked += 1;
        return fetch(url, init);
      },
    });
    const error = await failure(calls.PUT(oplead));
    expect(error).toMatchObject({ code: "invalid_options", retryable: false, requests: 1 });
    expect(error.issues).toEqual([expect.objectContaining({ path: "fetch", code: "fetch_failed" })]);
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.message).toContain("may or may not have acted");
    expect(asked).toBe(1);
  },
);

it("a caller's fetch that throws after it has sent leaves open whether a user was created", async () => {
  const server = await serve((response) => json(response));
  const oplead = connect(server.url, {
    fetch: async (url, init) => {
      await fetch(url, init);
      throw new TypeError("response.jsn is not a function");
    },
  });
  const error = await failure(calls.POST(oplead));
  expect(error).toMatchObject({ code: "ambiguous_creation", retryable: false });
  expect(server.seen).toHaveLength(1);
});

const withCode = (error: Error, code: string) => Object.assign(error, { code });
it.each<[string, unknown, boolean]>([
  ["a bare TypeError", new TypeError("x"), true],
  ["a ReferenceError", new ReferenceError("x"), true],
  ["a TypeError of a wrong argument", withCode(new TypeError("x"), "ERR_INVALID_ARG_TYPE"), true],
  ["undici's error of a lost socket", new TypeError("x", { cause: withCode(new Error("y"), "UND_ERR_SOCKET") }), false],
  ["a TypeError with a cause that has no code, as msw throws it", new TypeError("x", { cause: new Error("y") }), false],
  ["Bun's error of a refused connection", withCode(new TypeError("x"), "ConnectionRefused"), false],
  ["workerd's error of a lost connection", new Error("x"), false],
  ["an error of node-fetch", withCode(new Error("x"), "ECONNRESET"), false],
  ["a text", "TypeError", false],
])(
  "the kind, code and cause of a thrown error tell whether it is a programming mistake (%s)",
  (_what, error, expected) => {
    expect(isMistake(error)).toBe(expected);
  },
);
