import nodeFetch from "node-fetch3";
import { describe, expect, it } from "vitest";
import { type FetchLike, isOpleadError } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { connect, failure, json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

// Node 20.18 and newer loads undici 7.
const undici = await import("undici7").catch(() => undefined);

const fetches: [name: string, fetch: FetchLike | undefined][] = [
  ["the global fetch", globalThis.fetch],
  ["undici's own fetch", undici?.fetch],
  [
    "undici's own fetch with a dispatcher",
    undici && ((url, init) => undici.fetch(url, { ...init, dispatcher: new undici.Agent({ pipelining: 0 }) })),
  ],
  ["node-fetch", nodeFetch],
  ["a fetch that makes a Request of what it gets", (url, init) => fetch(new Request(url, init))],
];

describe.each(fetches)("with requests sent through %s", (_name, fetch) => {
  it.skipIf(!fetch)(
    "a client writes text and bytes, reads an answer, follows no redirect and gives up in time",
    async () => {
      const server = await serve((response, { url, method }) => {
        if (url.endsWith("/elsewhere")) return response.writeHead(302, { location: "/v1/users/2" }).end();
        if (url.endsWith("/never")) return;
        json(response, method === "POST" ? 201 : 200, { id: "7" });
      });
      const oplead = connect(server.url, { fetch, retry: false });
      expect(await oplead.updateUser("1", user(1))).toMatchObject({ id: "7" });
      expect(JSON.parse(server.seen[0]?.body.toString() ?? "")).toMatchObject({ lastname: "Martin-1" });
      expect(server.seen[0]?.headers).toMatchObject({ authorization: expect.stringMatching(/^Bearer /) });

      const { response } = await rawClient(oplead).POST("/v1/users", { body: user(2) as never });
      expect(response.status).toBe(201);
      expect(JSON.parse(server.seen[1]?.body.toString() ?? "")).toMatchObject({ lastname: "Martin-2" });

      expect(await failure(oplead.updateUser("elsewhere", user(1)))).toMatchObject({ code: "unexpected_response" });
      const late = await failure(oplead.updateUser("never", user(1), { timeoutMs: 100 }));
      expect(isOpleadError(late) && late.code).toBe("timeout");
      expect(server.seen.map(({ url }) => url)).not.toContain("/v1/users/2");
    },
  );
});
