import { expect, it } from "vitest";
import { createOplead, type OpleadLogger, type OpleadOptions } from "../../src/index.ts";
import { rawClient } from "../../src/raw.ts";
import { memoryLedger, syncUsers } from "../../src/sync/index.ts";
import { attempts } from "../support/hooks.ts";
import { json, serve } from "../support/servers.ts";
import { user } from "../support/users.ts";

function log(): OpleadLogger & { readonly lines: string[] } {
  const lines: string[] = [];
  const note = (message: string): void => void lines.push(message);
  return { lines, debug: note, info: note, warn: note, error: note };
}

async function open(options: OpleadOptions = {}) {
  const server = await serve((response, { method, url }) =>
    json(
      response,
      200,
      method === "GET" && url.includes("profiles") ? [{ code: "PRF_NETWORK", label: "P" }] : { id: "7" },
    ),
  );
  return { server, oplead: createOplead({ token: "t", baseUrl: server.url, ...options }) };
}

it("a client of with() has its own logger, hooks, retry and headers, and leaves the first as it is", async () => {
  const [first, second] = [log(), log()];
  const { server, oplead } = await open({ logger: first });
  const seen: string[] = [];
  const derived = oplead.with({
    logger: second,
    headers: { "x-tenant": "acme" },
    hooks: attempts({ began: ({ operation }) => seen.push(operation) }),
  });
  await derived.updateUser("1", user(1), { headers: { "x-trace": "5" } });
  expect(server.seen[0]?.headers).toMatchObject({ "x-tenant": "acme", "x-trace": "5", authorization: "Bearer t" });
  expect([first.lines.length, second.lines.length, seen]).toEqual([0, 1, ["updateUser"]]);

  await oplead.updateUser("1", user(1));
  expect(server.seen[1]?.headers).not.toHaveProperty("x-tenant");
  expect([first.lines.length, second.lines.length, seen.length]).toEqual([1, 1, 1]);
});

it("a client of with() shares token, kept profiles and the queue of a user's calls with the first", async () => {
  let asked = 0;
  const { server, oplead } = await open({ token: () => `t${++asked}` });
  const derived = oplead.with({ deadlineMs: 5_000 });
  await Promise.all([oplead.listUserProfiles(), derived.listUserProfiles()]);
  expect([asked, server.seen.length]).toEqual([1, 1]);

  let inFlight = 0;
  let most = 0;
  const slow = await serve((response) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    setTimeout(() => {
      inFlight -= 1;
      json(response, 200, { id: "7" });
    }, 20);
  });
  const one = createOplead({ token: "t", baseUrl: slow.url });
  await Promise.all([one, one.with({ retry: false })].map((client) => client.upsertUser(user(1))));
  expect(most).toBe(1);
});

it("with() can switch test mode on and never off, for raw calls and batches as well", async () => {
  const { server, oplead } = await open();
  const tests = oplead.with({ testMode: true });
  expect([oplead.testMode, tests.testMode, tests.with({ retry: false }).testMode]).toEqual([false, true, true]);
  await tests.updateUser("1", user(1));
  await rawClient(tests).PUT("/v1/users/{userIdentification}", {
    params: { path: { userIdentification: "1" } },
    body: user(1) as never,
  });
  await syncUsers(tests, { source: [1], map: () => ({ user: user(1) }), ledger: memoryLedger(), guard: false });
  expect(server.seen.filter(({ method }) => method !== "GET").length).toBeGreaterThan(2);
  for (const { method, url } of server.seen) if (method !== "GET") expect(url).toContain("test=true");
  expect(() => tests.with({ testMode: false })).toThrow(/testMode: .*never off/);
});

it("with() refuses the options that both clients share, and lists every problem at once", () => {
  const oplead = createOplead({ token: "t" });
  const given = { token: "u", baseUrl: "https://elsewhere.example", rateLimit: false, timeoutMs: 0 };
  expect(() => oplead.with(given as never)).toThrow(
    expect.objectContaining({
      code: "invalid_options",
      issues: ["timeoutMs", "token", "baseUrl", "rateLimit"].map((path) => expect.objectContaining({ path })),
    }),
  );
  expect(() => oplead.with(undefined as never)).toThrow(expect.objectContaining({ code: "invalid_options" }));
});

it("a logger in the options of a call gets the log lines of that call, instead of the client's logger", async () => {
  const [ofClient, ofCall] = [log(), log()];
  const { oplead } = await open({ logger: ofClient });
  await oplead.upsertUser(user(1), { logger: ofCall });
  await oplead.listUserProfiles({ logger: ofCall });
  expect([ofClient.lines.length, ofCall.lines.length]).toEqual([0, 2]);
  await expect(oplead.upsertUser(user(1), { logger: {} as never })).rejects.toMatchObject({ code: "invalid_options" });
});
