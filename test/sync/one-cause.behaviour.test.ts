// A cause that all users share ends a run within five requests, and the reason names the line to change.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createOplead, type OpleadOptions, type Platform, type UserInput } from "../../src/index.ts";
import { memoryLedger, planSync, syncUsers } from "../../src/sync/index.ts";
import { FOREIGN, type ForeignOptions, foreignPlatform } from "../support/foreign-platform.ts";
import { user } from "../support/users.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const heads = (count: number): UserInput[] =>
  Array.from({ length: count }, (_, number) => ({ ...user(number), profile: { code: "HEAD" } }));

async function openForeign(options: ForeignOptions = {}) {
  const server = await foreignPlatform(options);
  closing.push(server.close);
  return server;
}

async function run(options: OpleadOptions, source = heads(30)) {
  const oplead = createOplead(options);
  const plan = await planSync(oplead, { source, ledger: memoryLedger(), map: (one: UserInput) => ({ user: one }) });
  return plan.apply({ approve: plan.hash });
}

let foreign: Awaited<ReturnType<typeof foreignPlatform>>;
beforeEach(async () => {
  foreign = await openForeign();
});

it("a foreign platform takes users and rules by data alone, and the second night sends nothing", async () => {
  // From here to the end: a program of at most 25 lines.
  const oplead = createOplead({ baseUrl: foreign.url, token: foreign.issue, platform: FOREIGN });
  const ledger = memoryLedger();
  const source = [
    ...heads(1),
    { ...user(1), firstname: "Zoé", profile: { code: "DEALER" }, parentUserIdentifier: "ACC-0" },
  ];
  const rules = () => ({
    geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] },
    maxDistance: 30,
    contactProfiles: ["CPR_A"],
  });
  const night = async () => {
    const plan = await planSync(oplead, {
      source,
      ledger,
      map: (record: UserInput) => ({ user: record, rules: rules() }),
    });
    return plan.apply({ approve: plan.hash });
  };
  expect(await night()).toMatchObject({ status: "complete", counts: { created: 2 } });
  expect(foreign.users[1]).toMatchObject({ first_name: "Zoé", profile: "DEALER", address: { country: "FR" } });
  expect(foreign.rulesOf("ACC-1")).toEqual({
    geographical: { countries: [{ country: "FR" }] },
    max_distance: { max_distance: 30 },
    contact_profiles: ["CPR_A"],
  });
  const before = foreign.requests.length;
  expect(await night()).toMatchObject({ status: "complete", counts: { unchanged: 2 } });
  expect(foreign.requests.slice(before).filter(({ method }) => method !== "GET")).toEqual([]);
});

it("a token that ends after an hour, and a limit that nobody documents, end no run", async () => {
  let now = Date.now();
  const server = await openForeign({ now: () => now, limit: { requests: 12, perMs: 1_000 } });
  const options = { baseUrl: server.url, token: server.issue, platform: FOREIGN, rateLimit: false } as const;
  const oplead = createOplead(options);
  await oplead.listUserProfiles();
  now += 3_700_000;
  await oplead.upsertUser(heads(1)[0] as UserInput);
  expect(server.requests.map(({ status }) => status)).toEqual([200, 401, 404, 200, 404, 201]);
});

it.each<[string, Platform, string, RegExp]>([
  ["no field is renamed", {}, "refused_alike", /names .*accountNumber.*`platform\.fields`/],
  [
    "one field is not renamed",
    { ...FOREIGN, fields: { ...FOREIGN.fields, "profile.code": "profile.code" } },
    "refused_alike",
    /\(422\) and names profile/,
  ],
  ["the token is sent in another header", { ...FOREIGN, auth: { header: "X-API-Key" } }, "unauthorized", /API token/],
])("a run ends within five requests if %s", async (_what, platform, code, words) => {
  const outcome = run({ baseUrl: foreign.url, token: foreign.issue(), platform }).catch((error: unknown) => error);
  const { stopReason = await outcome } = (await outcome) as { stopReason?: object };
  expect(stopReason).toMatchObject({ code, message: expect.stringMatching(words) });
  expect(foreign.requests.filter(({ method }) => method !== "GET").length).toBeLessThanOrEqual(5);
});

it("a run ends within five requests if answers have no id, and names the option", async () => {
  const server = await openForeign({ kind: "answers without ids" });
  const { stopReason } = await run({ baseUrl: server.url, token: server.issue(), platform: FOREIGN });
  expect(stopReason).toMatchObject({ code: "first_failed", message: expect.stringContaining("platform.idField") });
  expect(server.requests.filter(({ method }) => method !== "GET").length).toBeLessThanOrEqual(5);
});

it.each<[string, number, string, string, RegExp]>([
  ["a web page answers", 200, "text/html", "<html>Welcome</html>", /not JSON/],
  ["every path answers 404", 404, "application/json", "{}", /Check baseUrl/],
  ["every path answers 404 as a page", 404, "text/html", "<html>404</html>", /check baseUrl/],
  ["the token lacks the right", 403, "application/json", "{}", /forbids this \(403\)/],
])("a run ends within five requests if %s", async (_what, status, type, body, words) => {
  let writes = 0;
  const server = createServer((request, response) => {
    if (request.method !== "GET") writes += 1;
    request.resume().on("end", () => response.writeHead(status, { "content-type": type }).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const retry = { baseMs: 1 };
  const { stopReason } = await run({ baseUrl, token: "t", retry });
  expect(stopReason).toMatchObject({ code: "first_failed", message: expect.stringMatching(words) });
  expect(writes).toBeLessThanOrEqual(5);
});

it("a run ends at its first user if nothing listens at the address", async () => {
  const baseUrl = foreign.url;
  await foreign.close();
  const { stopReason, counts } = await run({ baseUrl, token: "t", retry: { baseMs: 1 } });
  expect(stopReason).toMatchObject({ code: "first_failed", message: expect.stringContaining("check baseUrl") });
  expect(counts).toMatchObject({ failed: 1, skipped: 29 });
});

it("two users who are refused for different reasons end no run", async () => {
  const platform = FOREIGN;
  const source = heads(6).map((one, index) => {
    if (index === 0) return { ...one, custom: { shoe_size: 44 } };
    return index === 1 ? { ...one, parentUserIdentifier: "ACC-NONE" } : one;
  });
  const oplead = createOplead({ baseUrl: foreign.url, token: foreign.issue(), platform });
  const report = await syncUsers(oplead, {
    source,
    ledger: memoryLedger(),
    map: (one: UserInput) => ({ user: one }),
    guard: false,
    checks: false,
  });
  expect(report).toMatchObject({ status: "partial", counts: { created: 4, failed: 2 } });
});
