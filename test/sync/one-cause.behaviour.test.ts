// A cause that all users share ends a run within five requests, and the reason names the line to change.
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Dispatcher } from "undici7";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createOplead, type OpleadOptions, type Platform, type UserInput } from "../../src/index.ts";
import { memoryLedger, planSync, syncUsers } from "../../src/sync/index.ts";
import { authority, type Identity, selfSigned } from "../support/certificate.ts";
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

it("a changed `platform.fields` sends the users again that it concerns, held ones too, and no others", async () => {
  const ledger = memoryLedger();
  const { mobile: _, "maxDistance.maxDistance": __, ...fewer } = FOREIGN.fields;
  const source = heads(3).map((one, index) => (index === 1 ? { ...one, mobile: "+33600000000" } : one));
  const night = async (fields: Platform["fields"]) => {
    const oplead = createOplead({ baseUrl: foreign.url, token: foreign.issue(), platform: { ...FOREIGN, fields } });
    const before = foreign.requests.length;
    const plan = await planSync(oplead, {
      source,
      ledger,
      map: (one: UserInput) => ({ user: one, rules: one === source[2] ? { maxDistance: 30 } : {} }),
    });
    const text = await plan.render("text");
    const { counts } = await plan.apply({ approve: plan.hash });
    return { text, counts, writes: foreign.requests.slice(before).filter(({ method }) => method !== "GET").length };
  };
  expect((await night(fewer)).counts).toMatchObject({ created: 1, failed: 1, incomplete: 1 });
  const mended = await night(FOREIGN.fields);
  expect(mended.counts).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
  expect(foreign.users.map(({ mobile_phone }) => mobile_phone)).toContain("+33600000000");
  expect(foreign.rulesOf("ACC-2")).toEqual({ max_distance: { max_distance: 30 } });
  expect((await night(FOREIGN.fields)).writes).toBe(0);
  expect((await night({ ...FOREIGN.fields, phone: "telephone" })).writes).toBe(0);
  const renamed = await night({ ...FOREIGN.fields, civility: "title" });
  expect(renamed.text).toContain("a field that the ledger cannot name, or platform.fields");
  expect(renamed.writes).toBeGreaterThan(0);
});

it("a token that ends after an hour, and an undocumented limit that names a date, cost one request each", async () => {
  let now = Date.now();
  const perMs = 1_000;
  const limited = () => server.requests.filter(({ status }) => status === 429).length;
  // The window of the limit is over after each 429.
  const server = await openForeign({ now: () => now + limited() * perMs, limit: { requests: 3, perMs } });
  const options = { baseUrl: server.url, token: server.issue, platform: FOREIGN, rateLimit: false } as const;
  const oplead = createOplead(options);
  await oplead.listUserProfiles();
  now += 3_700_000;
  const before = performance.now();
  await oplead.upsertUser(heads(1)[0] as UserInput);
  expect(server.requests.map(({ status }) => status)).toEqual([200, 401, 404, 200, 429, 404, 201]);
  expect(performance.now() - before).toBeGreaterThan(perMs - 10);
});

it.each<[string, Platform, string, RegExp, Partial<UserInput>?]>([
  ["no field is renamed", {}, "refused_alike", /names .*accountNumber.*`platform\.fields`/],
  ["no parent is known", FOREIGN, "refused_alike", /must have the parent/, { parentUserIdentifier: "HQ" }],
  ["a field is not the platform's", FOREIGN, "refused_alike", /customFields/, { custom: { shoe_size: 44 } }],
  [
    "one field is not renamed",
    { ...FOREIGN, fields: { ...FOREIGN.fields, "profile.code": "profile.code" } },
    "refused_alike",
    /\(422\) and names profile/,
  ],
  ["the token is sent in another header", { ...FOREIGN, auth: { header: "X-API-Key" } }, "unauthorized", /API token/],
])("a run of 300 users ends within five writes if %s", async (_what, platform, code, words, more = {}) => {
  const source = heads(300).map((one) => ({ ...one, ...more }));
  const outcome = run({ baseUrl: foreign.url, token: foreign.issue(), platform }, source);
  const { stopReason = await outcome } = await outcome.catch((stopReason: unknown) => ({ stopReason }));
  expect(stopReason).toMatchObject({ code, message: expect.stringMatching(words) });
  expect(foreign.requests.filter(({ method }) => method !== "GET").length).toBeLessThanOrEqual(5);
});

it("a run ends within five requests if answers have no id, and names the option", async () => {
  const server = await openForeign({ kind: "answers without ids" });
  const { stopReason } = await run({ baseUrl: server.url, token: server.issue(), platform: FOREIGN });
  expect(stopReason).toMatchObject({ code: "first_failed", message: expect.stringContaining("platform.fields.id") });
  expect(server.requests.filter(({ method }) => method !== "GET").length).toBeLessThanOrEqual(5);
});

type Answering = readonly [status: number, type: string, body?: string];

// What stands at the address, and how it is reached.
async function openInstead(what: Answering | Identity | "a proxy that refuses to connect", host: string) {
  const counts = { connections: 0, requests: 0 };
  const [status, type, body = "<html>Welcome</html>"] = Array.isArray(what) ? (what as Answering) : [200, ""];
  const answer: RequestListener = (request, response) => {
    counts.requests += 1;
    request.resume().on("end", () => response.writeHead(status, { "content-type": type }).end(body));
  };
  const isSecure = typeof what === "object" && "cert" in what;
  const server = isSecure ? createSecureServer(what, answer) : createServer(answer);
  server.on("connection", () => (counts.connections += 1));
  server.on("connect", (_request, socket) => {
    counts.requests += 1;
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
  });
  const port = await new Promise<number>((resolve) =>
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port)),
  );
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { counts, url: `http${isSecure ? "s" : ""}://${host}:${port}` };
}

const company = authority();
const { Agent, ProxyAgent, fetch } = await import("undici7");
const over =
  (dispatcher: Dispatcher): OpleadOptions["fetch"] =>
  (url, init) =>
    fetch(url, { ...init, dispatcher });

it.each<[string, Parameters<typeof openInstead>[0], RegExp]>([
  ["a certificate is self-signed", selfSigned(), /NODE_EXTRA_CA_CERTS/],
  ["a certificate has expired", selfSigned({ until: "20210101000000Z" }), /certificate has expired/],
  ["a certificate is of an authority that Node does not know", company.issue("oplead.test"), /NODE_EXTRA_CA_CERTS/],
  [
    "a certificate is for another host",
    company.issue("oplead.test"),
    /check baseUrl, the certificate is for another host/,
  ],
  ["a proxy wants a login before it connects", "a proxy that refuses to connect", /HTTPS_PROXY=http/],
  ["a proxy answers 407 with a page", [407, "text/html"], /HTTPS_PROXY=http/],
  ["a proxy answers 407 with JSON", [407, "application/json", "{}"], /HTTPS_PROXY=http/],
  ["the token is refused", [401, "application/json", "{}"], /API token/],
  ["a page refuses the token", [401, "text/html"], /check the token/],
  ["the token lacks the right", [403, "application/json", "{}"], /forbids this \(403\)/],
  ["a firewall's page forbids it", [403, "text/html"], /firewall/],
  ["every path answers 404", [404, "application/json", "{}"], /Check baseUrl/],
  ["every path answers 404 as a page", [404, "text/html"], /check baseUrl/],
  ["a web page answers", [200, "text/html"], /not JSON: check baseUrl/],
  ["a login page is redirected to", [302, "text/html"], /redirect.*check baseUrl/],
  ["every answer is empty", [204, "", ""], /check baseUrl/],
  ["every answer is an empty object", [200, "application/json", "{}"], /platform\.fields\.id/],
])("a run ends within five requests, and says what to change, if %s", async (title, what, words) => {
  const isOther = title.includes("another host");
  const { counts, url } = await openInstead(what, isOther ? "localhost" : "127.0.0.1");
  const isProxy = typeof what === "string";
  const trusted = isOther ? over(new Agent({ connect: { ca: company.cert } })) : undefined;
  const send = isProxy ? over(new ProxyAgent({ uri: url })) : trusted;
  const baseUrl = isProxy ? "https://oplead.test" : url;
  const outcome = run({ baseUrl, token: "t", retry: { baseMs: 1 }, ...(send && { fetch: send }) });
  const { stopReason = await outcome } = await outcome.catch((stopReason: unknown) => ({ stopReason }));
  expect(stopReason).toMatchObject({ message: expect.stringMatching(words) });
  expect(Math.max(counts.requests, counts.connections)).toBeGreaterThan(0);
  expect(Math.max(counts.requests, counts.connections)).toBeLessThanOrEqual(5);
});

it("an outage ends a run after five users, sent one at a time", async () => {
  const { counts, url } = await openInstead([503, "text/html"], "127.0.0.1");
  const { stopReason, counts: users } = await run({ baseUrl: url, token: "t", retry: { baseMs: 1 } });
  expect(stopReason).toMatchObject({ code: "server_error", message: expect.stringContaining("Oplead is down") });
  expect(users).toMatchObject({ failed: 5, skipped: 25 });
  // Four for each user, and four each for the profiles and the country.
  expect(counts.requests).toBe(28);
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
