import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { TokenHolder } from "../../src/transport/transport.ts";
import { calls, connect, failure, json, serve, type TestServer, timed, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

async function guarded(accepted: string): Promise<TestServer & { accept(token: string): void }> {
  let token = accepted;
  const server = await serve((response, { headers }) =>
    headers.authorization === `Bearer ${token}` ? json(response) : json(response, 401, { code: 401 }),
  );
  return { ...server, accept: (next) => (token = next) };
}

const tokensOf = ({ seen }: TestServer): (string | undefined)[] =>
  seen.map(({ headers }) => headers.authorization?.slice("Bearer ".length));

describe.each(ways)("with requests sent through %s", (_name, way) => {
  it("a token function is asked once, at the first call, even for calls at the same time", async () => {
    const server = await guarded("right-token");
    const token = vi.fn(async () => "right-token");
    const oplead = connect(server.url, { ...way, token });
    expect(token).not.toHaveBeenCalled();
    await Promise.all(Array.from({ length: 20 }, (_, i) => oplead.updateUser(String(i), user(i))));
    await calls.GET(oplead);
    expect(server.seen).toHaveLength(21);
    expect(token).toHaveBeenCalledOnce();
  });

  it.each(["PUT", "POST"] as const)(
    "a %s that gets a 401 is sent again with a new token, which is kept",
    async (method) => {
      const server = await guarded("first");
      const given = ["first", "second"];
      const token = vi.fn(async () => given.shift() ?? "none left");
      const oplead = connect(server.url, { ...way, token });
      await calls[method](oplead);
      server.accept("second");
      expect(await calls[method](oplead)).toMatchObject({ requests: 2 });
      await calls[method](oplead);
      expect(tokensOf(server)).toEqual(["first", "first", "second", "second"]);
      expect(token).toHaveBeenCalledTimes(2);
    },
  );

  it("a call whose token is refused asks for a new token only once", async () => {
    const server = await guarded("another-token");
    let count = 0;
    const token = vi.fn(async () => `guess-${++count}`);
    const error = await failure(calls.PUT(connect(server.url, { ...way, token })));
    expect(error).toMatchObject({ code: "unauthorized", requests: 2 });
    expect(tokensOf(server)).toEqual(["guess-1", "guess-2"]);
    expect(token).toHaveBeenCalledTimes(2);
  });

  it("the token function is asked once for twenty calls whose token is refused at the same time", async () => {
    const server = await guarded("second");
    const given = ["first", "second"];
    const token = vi.fn(async () => given.shift() ?? "none left");
    const oplead = connect(server.url, { ...way, token, maxConcurrency: 20 });
    await Promise.all(Array.from({ length: 20 }, (_, i) => oplead.updateUser(String(i), user(i))));
    expect(token).toHaveBeenCalledTimes(2);
    expect(server.seen).toHaveLength(40);
  });

  it("the token travels only in the header that auth names", async () => {
    const server = await serve((response) => json(response));
    const oplead = connect(server.url, {
      ...way,
      token: "a-secret-token",
      platform: { auth: { header: "X-AUTH-TOKEN" } },
      testMode: true,
    });
    for (const method of ["PUT", "POST", "GET"] as const) await calls[method](oplead);
    expect(server.seen).toHaveLength(3);
    for (const { url, headers, body } of server.seen) {
      const { "x-auth-token": token, ...others } = headers;
      expect(token).toBe("a-secret-token");
      expect(JSON.stringify([url, others, body.toString()])).not.toContain("a-secret-token");
    }
  });
});

const AT_ONCE = { attempts: 3, baseMs: 0 };

const SECRET = "s3cr3t-part";
const cases: [string, () => unknown, RegExp, string | undefined][] = [
  [
    "throws",
    () => {
      throw new Error("vault is sealed");
    },
    /the token function failed \(Error\)/,
    undefined,
  ],
  ["rejects with nothing", () => Promise.reject(), /the token function failed \(undefined\)/, undefined],
  ["gives nothing", async () => undefined, /must be text/, "not_text"],
  ["gives an empty text", async () => "", /is empty/, "empty_token"],
  ["gives a token with a line break", async () => `${SECRET}\n`, /white space around it/, "padded_token"],
  [
    "gives a token with a further header behind a line break",
    async () => `${SECRET}\r\nx-admin: 1`,
    /characters that a header cannot carry/,
    "unsendable_token",
  ],
  ["gives a number", () => 4711, /must be text/, "not_text"],
];

it.each(cases)(
  "a call whose token function %s asks it once for each attempt, then fails with nothing sent",
  async (_name, source, message, issue) => {
    const server = await serve((response) => json(response));
    const token = vi.fn(source as () => string);
    const error = await failure(calls.PUT(connect(server.url, { token, testMode: true, retry: AT_ONCE })));
    expect(error).toMatchObject({
      code: "token_unavailable",
      operation: "updateUser",
      requests: 0,
      testMode: true,
      retryable: true,
    });
    expect(token).toHaveBeenCalledTimes(3);
    expect(error.issues?.[0]?.code).toBe(issue);
    expect(error.message).toMatch(message);
    expect(error.message).toContain("updateUser of ACC-1 (test mode)");
    for (const text of [error.message, inspect(error), JSON.stringify(error), error.supportReport()]) {
      expect(text).not.toContain(SECRET);
    }
    expect(server.seen).toHaveLength(0);
  },
);

it.each(["timeoutMs", "deadlineMs"])(
  "a token function that never answers is waited for no longer than %s",
  async (limit) => {
    const server = await guarded("right-token");
    const token = vi.fn<() => Promise<string>>();
    token.mockReturnValueOnce(new Promise(() => {})).mockResolvedValue("right-token");
    const oplead = connect(server.url, { token, retry: false });
    const stuck = calls.PUT(oplead, { [limit]: 40 });
    expect(await timed(stuck)).toBeLessThan(8_000);
    const error = await failure(stuck);
    expect(error).toMatchObject({ code: "token_unavailable", requests: 0, retryable: true });
    expect(error.message).toContain("gave no answer in time");
    expect(error.cause).toBeUndefined();
    await calls.PUT(oplead);
    expect(token).toHaveBeenCalledTimes(2);
  },
);

it("a token given again, or as text, is not renewed, and a late answer ends no later question", async () => {
  for (const given of ["t", () => "t"]) expect(await new TokenHolder(given).renewed("t")).toBeUndefined();
  const answers: ((token: string) => void)[] = [];
  const source = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)));
  const holder = new TokenHolder(source);
  const first = holder.get();
  holder.giveUp();
  const second = holder.get();
  answers[0]?.("one");
  await first;
  // The second question is still under way, and shared.
  const third = holder.renewed("one");
  expect(source).toHaveBeenCalledTimes(2);
  answers[1]?.("two");
  expect([await second, await third]).toEqual(["two", "two"]);
});
