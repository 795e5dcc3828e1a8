import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import * as bullmq from "../src/bullmq/index.ts";
import * as config from "../src/config/index.ts";
import * as france from "../src/coverage/france.ts";
import * as coverage from "../src/coverage/index.ts";
import * as core from "../src/index.ts";
import { openTelemetry } from "../src/otel.ts";
import { probePlatform } from "../src/probe/index.ts";
import { rawClient } from "../src/raw.ts";
import * as redis from "../src/redis/index.ts";
import * as sync from "../src/sync/index.ts";
import { createFakeOplead } from "../src/testing/index.ts";
import * as webhook from "../src/webhook/index.ts";
import { user } from "./support/users.ts";

const ODD = {
  null: null,
  boolean: true,
  number: 7,
  NaN: Number.NaN,
  bigint: 7n,
  text: "odd",
  symbol: Symbol("odd"),
  list: [7],
  object: { odd: true },
  date: new Date(0),
  map: new Map([["odd", 1]]),
  promise: Promise.resolve(7),
  function: () => undefined,
};
type Kind = keyof typeof ODD | "undefined";

const { fetch } = createFakeOplead({ token: "t" });
const oplead = core.createOplead({
  token: "t",
  baseUrl: "https://fake.example",
  fetch,
  rateLimit: false,
  retry: false,
});
const ledger = sync.memoryLedger();
const store: sync.LedgerStore = { get: async () => undefined, replace: async () => true, async *entries() {} };
const source = { user: user(1) };
const folder = mkdtempSync(join(tmpdir(), "oplead-api-"));
const county = { number: "01", label: "Ain", postCodeZips: ["01000"] };
const country = { code: "FR", label: "France", counties: [county] };
const people = [{ user: { accountNumber: "ACC-1" }, rules: { maxDistance: 3 } }];
const result = await coverage.coverage(people, { universe: { countries: [country] } });
const lead = { country: "FR", zipCode: "01000" };
const plan = await sync.planSync(oplead, { source: [source], map: (one: typeof source) => one, ledger });
const tested = oplead.with({ testMode: true });
const report = await (
  await sync.planSync(tested, { source: [source], map: (one: typeof source) => one, ledger })
).apply();
const facts = await probePlatform(oplead, { lagMs: 0 });
const methods = ["get", "mget", "hgetall", "hset", "set", "scan", "eval", "evalsha"];
const redisClient = Object.fromEntries(methods.map((name) => [name, async () => undefined])) as never;
// No Redis listens there: a call whose arguments are accepted finds no server.
const nowhere = "redis://127.0.0.1:1";
const queue = bullmq.userQueue(oplead, { redis: nowhere, encryptionKey: false, timeoutMs: 20 });
afterAll(() => queue.close());
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const handler = webhook.createUserWebhook(oplead.with({ logger }), { verify: "none", map: () => null });
const secrets = ["hush"];

// A function, accepted arguments, and the kinds that each of its options accepts besides `undefined`.
interface Entry {
  readonly call: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
  readonly options?: Readonly<Record<string, readonly Kind[]>>;
}

const call = {
  signal: [],
  timeoutMs: ["number"],
  deadlineMs: ["number"],
  testMode: ["boolean"],
  headers: [],
} as const;
const applyOptions = {
  approve: ["text"],
  runId: ["text"],
  ignoreKnown: ["boolean"],
  only: [],
  limit: ["number"],
  signal: [],
  drain: [],
  onUser: ["function"],
  onMissing: ["function"],
  queue: [],
} as const;
const planOptions = {
  ...applyOptions,
  source: ["list", "map", "function"],
  map: ["function"],
  key: ["function"],
  rowOf: ["function"],
  ledger: [],
  advanced: ["object"],
  incremental: ["boolean"],
  guard: [],
  coverage: [],
  policies: [],
  checks: [],
  resend: ["boolean"],
  retryHeld: ["boolean"],
} as const;
const policyOptions = { name: ["text"], onViolation: [], always: ["boolean"] } as const;
const evaluation = { assumptions: [], locate: ["function"] } as const;

const ENTRIES: Readonly<Record<string, Entry>> = {
  createOplead: {
    call: core.createOplead,
    args: [{ token: "t", fetch }],
    options: {
      token: ["text", "function"],
      baseUrl: [],
      platform: ["object"],
      testMode: ["boolean"],
      rateLimit: [],
      maxConcurrency: ["number"],
      timeoutMs: ["number"],
      deadlineMs: ["number"],
      retry: [],
      referenceTtlMs: ["number"],
      fetch: ["function"],
      logger: [],
      hooks: ["object"],
      allowHttp: ["boolean"],
      dangerouslyAllowBrowser: ["boolean"],
    },
  },
  checkRules: { call: core.checkRules, args: [{ maxDistance: 3 }, { countries: [country], ranges: ["RNG_A"] }] },
  code: { call: core.code, args: ["X"] },
  "competences.ranges": { call: core.competences.ranges, args: ["RNG_A"] },
  "competences.pairs": { call: core.competences.pairs, args: [["RNG_A", "RTY_B"]] },
  "competences.matrix": { call: core.competences.matrix, args: [["RNG_A"], ["RTY_B"]] },
  "competences.parse": { call: core.competences.parse, args: [[{ range: { code: "RNG_A" } }]] },
  contactProfiles: { call: core.contactProfiles, args: ["CPR_A"] },
  "contactProfiles.parse": { call: core.contactProfiles.parse, args: [[{ code: "CPR_A" }]] },
  geographicalFromZips: { call: core.geographicalFromZips, args: [["01000"], country] },
  "geographical().country": {
    call: (...args: never[]) => core.geographical().country(...(args as unknown as [string])),
    args: ["FR", { "01": ["01000"] }],
  },
  "geographical.parse": { call: core.geographical.parse, args: [{ handledCountries: [] }] },
  isOpleadError: { call: core.isOpleadError, args: [new Error("x")] },
  maxDistance: { call: core.maxDistance, args: [3] },
  profileTypes: { call: core.profileTypes, args: ["pro"] },
  "oplead.upsertUser": {
    call: oplead.upsertUser,
    args: [user(1), { id: "1" }],
    options: { ...call, id: ["text", "number", "bigint"], rules: [] },
  },
  "oplead.createUser": { call: oplead.createUser, args: [user(1), { testMode: true }], options: call },
  "oplead.updateUser": { call: oplead.updateUser, args: ["1", user(1), { testMode: true }], options: call },
  "oplead.setRules": { call: oplead.setRules, args: ["1", { maxDistance: 3 }, { testMode: true }], options: call },
  "oplead.listCountries": {
    call: oplead.listCountries,
    args: [{ timeoutMs: 1_000 }],
    options: call,
  },
  "oplead.getCountry": {
    call: oplead.getCountry,
    args: ["FR", { timeoutMs: 1_000 }],
    options: call,
  },
  rawClient: { call: rawClient, args: [oplead] },

  auditFile: {
    call: sync.auditFile,
    args: [{ file: `${folder}/audit.jsonl`, keepDays: 2 }],
  },
  checkSourceUser: {
    call: sync.checkSourceUser,
    args: [{ user: user(1) }, { numericAccountNumbers: true }],
    options: { numericAccountNumbers: ["boolean"], customFields: [] },
  },
  coverageUserOf: { call: sync.coverageUserOf, args: ["ACC-1", { id: "1", rules: {}, at: 0 }] },
  failedReport: { call: sync.failedReport, args: [new Error("x"), "failed"] },
  fileLedger: { call: sync.fileLedger, args: [folder] },
  forgetUser: { call: sync.forgetUser, args: [ledger, "ACC-9"] },
  listLeavers: {
    call: sync.listLeavers,
    args: [ledger, { graceDays: 7 }],
    options: { graceDays: ["number"] },
  },
  markLeaver: {
    call: sync.markLeaver,
    args: [ledger, "ACC-9", { done: true }],
    options: { done: ["boolean"] },
  },
  pauseRuns: {
    call: sync.pauseRuns,
    args: [ledger, { until: new Date(Date.now() + 3_600_000), by: "Ana" }],
    options: { until: ["date"], by: ["text"] },
  },
  readPause: { call: sync.readPause, args: [ledger] },
  readSavedPlan: { call: sync.readSavedPlan, args: [plan.toJSON()] },
  importIds: { call: sync.importIds, args: [ledger, [["ACC-8", "8"]]] },
  moveUsers: { call: sync.moveUsers, args: [ledger, [["ACC-8", "ACC-9"]]] },
  createLedger: { call: sync.createLedger, args: [store, {}] },
  planSync: {
    call: sync.planSync,
    args: [oplead, { source: [], map: () => null, ledger }],
    options: planOptions,
  },
  syncUsers: {
    call: sync.syncUsers,
    args: [oplead, { source: [], map: () => null, ledger, guard: false }],
    options: planOptions,
  },

  "plan.apply": { call: plan.apply, args: [{ limit: 0 }], options: applyOptions },
  "plan.render": {
    call: plan.render,
    args: ["html", { language: "fr" }],
    options: {
      ...{ language: [], all: ["boolean"], leaverNotes: ["map"], labels: ["map"], segments: ["map"] },
      ...{ command: ["text"], locate: ["function"], reveal: ["boolean"] },
    },
  },
  "report.explain": {
    call: report.explain,
    args: [{ language: "fr" }],
    options: { language: [], of: ["list", "text"] },
  },
  "plan.diff": { call: plan.diff, args: ["ACC-1", { reveal: false }], options: { reveal: ["boolean"] } },
  reconcileUser: {
    call: sync.reconcileUser,
    args: [oplead, ledger, source, { testMode: true }],
    options: { ...call, retryHeld: ["boolean", "list"] },
  },

  createUserWebhook: {
    call: webhook.createUserWebhook,
    args: [oplead.with({ logger }), { verify: "none", map: () => null }],
    options: {
      verify: ["function"],
      event: [],
      map: ["function"],
      ledger: [],
      queue: [],
      deliveries: [],
      deliveryId: ["text", "function"],
      onRefused: ["function"],
      onOutcome: ["function"],
      maxBodyBytes: ["number"],
      respondWithinMs: ["number"],
    },
  },
  hmacSignature: {
    call: webhook.hmacSignature,
    args: [{ header: "a", encoding: "hex", secrets, timestampHeader: "t" }],
    options: {
      header: ["text"],
      encoding: [],
      secrets: [],
      algorithm: [],
      prefix: ["text"],
      timestampHeader: ["text"],
      signedContent: [],
      toleranceSeconds: ["number"],
    },
  },
  memoryDeliveries: { call: webhook.memoryDeliveries, args: [] },
  standardWebhooks: {
    call: webhook.standardWebhooks,
    args: [{ secrets: ["aHVzaA=="] }],
    options: { secrets: [], toleranceSeconds: ["number"] },
  },
  stripeStyle: {
    call: webhook.stripeStyle,
    args: [{ secrets }],
    options: { secrets: [], header: ["text"], toleranceSeconds: ["number"] },
  },
  toNodeListener: { call: webhook.toNodeListener, args: [handler] },

  userQueue: {
    call: (...args: never[]) => (bullmq.userQueue as (...given: never[]) => bullmq.UserQueue)(...args).close(),
    args: [oplead, { redis: nowhere, encryptionKey: false, timeoutMs: 20 }],
    options: {
      redis: ["object"],
      name: ["text"],
      encryptionKey: [],
      storeUsers: ["boolean"],
      inboxTtlMs: ["number"],
      requests: ["number"],
      backoffMs: ["number"],
      timeoutMs: ["number"],
    },
  },
  "queue.enqueue": {
    call: queue.enqueue.bind(queue),
    args: [source, { testMode: true }],
    options: { origin: [], testMode: ["boolean"], resend: ["boolean"], retryHeld: ["boolean", "list"], platform: [] },
  },
  "queue.startWorker": {
    call: queue.startWorker.bind(queue),
    args: [{ ledger, lockMs: 0 }],
    options: { ledger: [], load: ["function"], onUser: ["function"], lockMs: ["number"] },
  },
  "queue.failed": { call: queue.failed.bind(queue), args: [10] },

  redisDeliveries: {
    call: redis.redisDeliveries,
    args: [redisClient, { prefix: "x:" }],
    options: { prefix: ["text"] },
  },
  redisLedger: {
    call: redis.redisLedger,
    args: [redisClient, { timeoutMs: 5 }],
    options: { prefix: ["text"], leaseMs: ["number"], timeoutMs: ["number"] },
  },
  redisRate: {
    call: redis.redisRate,
    args: [redisClient, { prefix: "k", requests: 1, perMs: 1 }],
    options: { prefix: ["text"], requests: ["number"], perMs: ["number"], shares: [] },
  },

  assumptionsOf: { call: coverage.assumptionsOf, args: [{ facts }] },
  areaChanges: {
    call: coverage.areaChanges,
    args: [{ universe: { countries: [country] }, unchanged: [], changes: [], isState: false, signal: undefined }],
  },
  coverageOf: {
    call: coverage.coverageOf,
    args: [{ universe: { countries: [country] }, unchanged: [], changes: [], isState: false, signal: undefined }],
  },
  exclusive: {
    call: coverage.exclusive,
    args: [{ where: { country: "FR" }, group: () => undefined }],
    options: { where: [], group: ["function"], ...policyOptions },
  },
  maxLost: {
    call: coverage.maxLost,
    args: [{ postcodes: 1 }],
    options: { name: ["text"], onViolation: [], inhabitants: ["number"], postcodes: ["number"] },
  },
  policyFinding: { call: coverage.policyFinding, args: [{ policy: "own", text: "x" }] },
  requireCoverage: {
    call: coverage.requireCoverage,
    args: [{ where: { country: "FR" }, atLeast: 1 }],
    options: { where: [], for: [], atLeast: ["number"], inhabitants: ["number"], ...policyOptions },
  },
  compareCoverage: { call: coverage.compareCoverage, args: [result, result, {}], options: { signal: [] } },
  coverage: {
    call: coverage.coverage,
    args: [people, { universe: { countries: [country] } }],
    options: { ...evaluation, universe: [], signal: [] },
  },
  "coverage().eligible": { call: result.eligible, args: [lead] },
  "coverage().render": {
    call: result.render,
    args: ["html", { company: "x" }],
    options: {
      ...{
        language: ["text"],
        labels: [],
        names: ["boolean"],
        company: ["text"],
      },
    },
  },
  explainLead: {
    call: coverage.explainLead,
    args: [lead, people, { countries: [country] }],
    options: { ...evaluation, countries: [] },
  },
  "explainLead().render": {
    call: (await coverage.explainLead(lead, people)).render,
    args: ["text", { language: "en" }],
  },

  "france.locate": { call: france.locate, args: ["01000", "FR"] },

  pinoLogger: { call: core.pinoLogger, args: [logger] },
  openTelemetry: { call: openTelemetry, args: [{ trace: { getTracer: () => ({}) } }] },

  clientCredentials: {
    call: config.clientCredentials,
    args: [{ tokenUrl: "https://x.example", clientId: "x", clientSecret: "x" }],
    options: {
      tokenUrl: [],
      clientId: ["text"],
      clientSecret: ["text"],
      scope: ["text"],
      send: [],
      timeoutMs: ["number"],
      fetch: ["function"],
      allowHttp: ["boolean"],
    },
  },
  concatSources: { call: config.concatSources, args: [[]] },
  joinSources: {
    call: config.joinSources,
    args: [[], { with: [], on: "id", as: "other" }],
    options: { with: ["list", "map", "function"], on: ["text"], as: ["text"], unmatched: [], allowEmpty: ["boolean"] },
  },
  sourceOfFile: { call: config.sourceOfFile, args: ["./export.csv"] },
  csvSource: {
    call: config.csvSource,
    args: ["x.csv", { delimiter: ";" }],
    options: { columns: [], delimiter: ["text"], encoding: [] },
  },
  excelSource: {
    call: config.excelSource,
    args: ["rh.xlsx", { sheet: "RH" }],
    options: { columns: [], sheet: ["text"], headerRow: ["number"] },
  },
  columns: {
    call: config.columns,
    args: [
      {
        ...{ accountNumber: "a", civility: "b", lastname: "c", login: "d", email: "e", profile: "f" },
        address: { zipCode: "g", city: "h", country: "i" },
      },
    ],
  },
  env: { call: config.env, args: ["HOME", "x"] },
  jsonSource: {
    call: config.jsonSource,
    args: ["x.json", { timeoutMs: 5 }],
    options: { items: ["text", "function"], headers: ["function"], timeoutMs: ["number"], fetch: ["function"] },
  },
  notifiers: {
    call: config.notifiers,
    args: [[], { timeoutMs: 20 }],
    options: {
      ledger: [],
      language: [],
      name: ["text"],
      target: ["text"],
      timeoutMs: ["number"],
      allowHttp: ["boolean"],
      fetch: ["function"],
    },
  },
  restSource: {
    call: config.restSource,
    args: [{ url: "https://x.example" }],
    options: {
      url: [],
      items: ["text", "function"],
      next: ["text", "function"],
      total: ["text", "function"],
      auth: ["function"],
      headers: ["function"],
      timeoutMs: ["number"],
      fetch: ["function"],
    },
  },
};

async function outcomeOf({ call }: Entry, args: readonly unknown[]) {
  try {
    await (call as (...args: readonly unknown[]) => unknown)(...args);
    return "a result";
  } catch (error) {
    return core.isOpleadError(error) ? error.code : `${error}`;
  }
}

const entries = Object.entries(ENTRIES);

it.each(entries)(
  "the function %s gives a result or a refusal for any argument, and never a TypeError",
  async (_name, entry) => {
    const { args } = entry;
    const bad: string[] = [];
    for (const place of args.keys()) {
      for (const [kind, odd] of Object.entries({ ...ODD, undefined })) {
        const outcome = await outcomeOf(entry, args.with(place, odd));
        // Sources and files that are not there say so.
        if (
          /^(?:a result|invalid_(?:input|options)|source_failed|audit_unavailable|queue_unavailable|not_found|conflict)$/.test(
            outcome,
          )
        )
          continue;
        bad.push(`argument ${place} ${kind}: ${outcome}`);
      }
    }
    expect(bad).toEqual([]);
  },
);

const withOptions = entries.filter(([, { options }]) => options);

it.each(withOptions)(
  "the function %s refuses an option of the wrong kind, whichever option it is",
  async (_name, entry) => {
    const { args, options = {} } = entry;
    const last = args.length - 1;
    const bad: string[] = [];
    for (const [option, kinds] of Object.entries(options)) {
      for (const [kind, odd] of Object.entries(ODD)) {
        if (kinds.some((accepted) => accepted === kind)) continue;
        const given = { ...(args[last] as object), [option]: odd };
        const outcome = await outcomeOf(entry, args.with(last, given));
        if (!/^invalid_(?:input|options)$/.test(outcome)) bad.push(`${option} ${kind}: ${outcome}`);
      }
    }
    expect(bad).toEqual([]);
  },
);

it.each(withOptions)("the function %s refuses an option that it does not have", async (_name, entry) => {
  const { args } = entry;
  const given = { ...(args.at(-1) as object), optoin: true };
  expect(await outcomeOf(entry, args.with(args.length - 1, given))).toMatch(/^invalid_(?:input|options)$/);
});

it("these tests try every function that an entry point exports", () => {
  const exported = [core, sync, webhook, bullmq, redis, coverage, config].flatMap((entry) => Object.entries(entry));
  const functions = exported.filter(([, value]) => typeof value === "function").map(([name]) => name);
  // Classes, identity functions, and functions without arguments.
  const others =
    /^(?:among|isProblem|isOpleadError|OpleadError|RecordError|SyncGuardError|defineConfig|memoryLedger|geographical|competences)$/;
  const known = Object.keys(ENTRIES);
  expect(functions.filter((name) => !others.test(name) && !known.includes(name))).toEqual([]);
});

it("every option that takes a clock refuses a clock that returns text", async () => {
  const now = () => "2026-01-31T02:00:00Z" as never;
  const made = [
    () => webhook.createUserWebhook(oplead.with({ logger }), { verify: "none", map: () => null, now }),
    () => sync.planSync(oplead, { source: [], map: () => null, ledger, now }),
    () => sync.reconcileUser(oplead, ledger, source, { now }),
  ];
  for (const make of made) await expect(async () => make()).rejects.toMatchObject({ code: "invalid_options" });
});

it("an async `locate` is refused, because a promise would be read as a place without coordinates", async () => {
  const locate = (async () => ({ coordinates: [48, 2] })) as never;
  const home = {
    ...people[0],
    user: { accountNumber: "ACC-1", address: { zipCode: "01000", country: { code: "FR" } } },
  };
  const made = [
    () => coverage.explainLead(lead, [home], { locate }),
    () => coverage.coverage([home], { universe: { countries: [country] }, locate }),
  ];
  for (const make of made) await expect(async () => make()).rejects.toMatchObject({ code: "invalid_options" });
});
