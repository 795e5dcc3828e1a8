import type nodeFetch from "node-fetch3";
import type * as Undici from "undici7";
import { describe, expectTypeOf, test } from "vitest";
import { type ClientRate, createOplead, type FetchLike, type Oplead } from "../../src/index.ts";
import { type Ledger, memoryLedger } from "../../src/sync/index.ts";
import type { FetchAnswer, FetchInit } from "../../src/transport/options.ts";

declare const oplead: Oplead;
declare const undici: typeof Undici;

describe("fetch", () => {
  test("createOplead takes any fetch, also node-fetch and undici's fetch with a dispatcher", () => {
    expectTypeOf<typeof globalThis.fetch>().toExtend<FetchLike>();
    expectTypeOf<typeof Undici.fetch>().toExtend<FetchLike>();
    expectTypeOf<typeof nodeFetch>().toExtend<FetchLike>();
    createOplead({ fetch: (url, init) => undici.fetch(url, { ...init, dispatcher: new undici.Agent() }) });
    expectTypeOf<Parameters<FetchLike>>().toEqualTypeOf<[url: string, init: FetchInit]>();
    expectTypeOf<ReturnType<FetchLike>>().resolves.toEqualTypeOf<FetchAnswer>();
  });
});

describe("a client made with parts of another client", () => {
  test("the property rateLimit of a client can be the option rateLimit of another client", () => {
    expectTypeOf(oplead.rateLimit).toEqualTypeOf<ClientRate>();
    createOplead({ rateLimit: oplead.rateLimit });
    // @ts-expect-error a rate that is not a client's
    createOplead({ rateLimit: { perSecond: 5 } });
  });

  test("with() takes the options of calls and hooks, and nothing that both clients share", () => {
    expectTypeOf(oplead.with({ retry: false, logger: console, testMode: true, hooks: [] })).toEqualTypeOf<Oplead>();
    // @ts-expect-error the token belongs to the first client
    oplead.with({ token: "t" });
    // @ts-expect-error a signal belongs to one call
    oplead.with({ signal: new AbortController().signal });
  });
});

test("await using closes a ledger, with Node's types", async () => {
  await using ledger = memoryLedger();
  expectTypeOf(ledger).toExtend<Ledger>();
});
