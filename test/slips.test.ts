import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { TSC } from "../scripts/compiler.ts";
import { folderWith } from "./support/folder.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const HEAD = `
import { checkRules, code, createOplead, geographical, isOpleadError, maxDistance, type Oplead, userSchema } from "oplead-sdk";
import { among, fileLedger, memoryLedger, planSync, reconcileUser } from "oplead-sdk/sync";
import { createUserWebhook, hmacSignature } from "oplead-sdk/webhook";
import { redisRate } from "oplead-sdk/redis";
import { textOf } from "oplead-sdk/text";
const oplead = createOplead();
const ledger = memoryLedger();
const address = { zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } };
const u = { accountNumber: "A-1", civility: "Mme", lastname: "M", login: "m", email: "m@x.example", address, profile: { code: "PRF_A" } };
const sync = { ledger, source: [] };
const plan = await planSync(oplead, { ...sync, map: () => null });
const result = await oplead.upsertUser(u);
const caught = {} as unknown;
const queue = { enqueue: async () => "1" };
`.trim();

// What is written, and what the compiler's answer must name.
const SLIPS: readonly (readonly [slip: string, ...names: string[]])[] = [
  ['oplead.upsertUser(u, { rules: { maxDistance: "30" } })', "number"],
  ["oplead.upsertUser(u, { rules: { maxDistanc: 30 } })", "'maxDistance'"],
  ["oplead.upsertUser(u, { rules: { maxDistance: null } })", "number"],
  ['oplead.upsertUser(u, { rules: { profileTypes: ["pros"] } })', `'"pro"'`],
  ['oplead.upsertUser(u, { rules: { profileTypes: "pro" } })', '"pro" | "single"'],
  ['oplead.upsertUser(u, { rules: { competences: ["RNG_A"] } })', "range"],
  ['oplead.upsertUser(u, { rules: { competences: [{ rang: { code: "RNG_A" } }] } })', "'range'"],
  ["oplead.upsertUser(u, { rules: { contactProfiles: [{ code: 1 }] } })", "CPR"],
  ['oplead.upsertUser(u, { rules: { geographical: ["01"] } })', "handledCountries"],
  ["oplead.upsertUser(u, { rules: { geographical: { handledCountries: [{ country: {} }] } } })", "handledCountry"],
  ["oplead.upsertUser(u, { rules: { geographical: maxDistance(30) } })", "GeographicalBuilder"],
  ["oplead.upsertUser(u, { rules: geographical() })", "UserRules"],
  ["oplead.upsertUser(u, { rule: { maxDistance: 30 } })", "'rules'"],
  ['oplead.upsertUser({ ...u, acountNumber: "1" })', "'accountNumber'"],
  ["oplead.upsertUser({ ...u, adress: address })", "'address'"],
  ['oplead.upsertUser({ ...u, address: { ...address, zipcode: "01000" } })', "'zipCode'"],
  ["oplead.upsertUser({ ...u, address: { ...address, zipCode: 1000 } })", "'string'"],
  ['oplead.upsertUser({ ...u, profile: "PRF_A" })', "code: string"],
  ["oplead.upsertUser({ ...u, accountNumber: undefined })", "'string'"],
  ['oplead.upsertUser({ lastname: "x" })', "accountNumber"],
  ["oplead.upsertUsr(u)", "'upsertUser'"],
  ["oplead.setRules({ maxDistance: 3 })", "2-3 arguments"],
  ['oplead.setRules("1", { maxDistance: { km: 3 } })', "maxDistance"],
  ["if (result.outcome === 'create') throw 1", '"created"'],
  ['createOplead({ tokn: "x" })', "'token'"],
  ["createOplead({ retry: { attempt: 3 } })", "'attempts'"],
  ["createOplead({ retry: 3 })", "RetryOptions"],
  ["createOplead({ rateLimit: { perSecond: 3, throttledMs: 5 } })", "ClientRate"],
  ["createOplead({ rateLimit: 5 })", "RateLimitOptions"],
  ["createOplead({ timeout: 5 })", "'timeoutMs'"],
  ['createOplead({ timeoutMs: "5" })', "'number'"],
  ["createOplead({ logger: console.log })", "OpleadLogger"],
  ["createOplead({ hooks: { arround: async () => {} } })", "OpleadHooks"],
  ['createOplead({ platform: { nam: "x" } })', "'name'"],
  ['createOplead({ platform: "acme" })', "Platform"],
  ["export const copy: Oplead = { ...oplead }", "'Oplead'"],
  ["planSync({ ...oplead }, { ...sync, map: () => null })", "'Oplead'"],
  ["planSync(oplead, { ...sync, map: () => u })", "MappedRecord"],
  [
    "planSync(oplead, { ...sync, map: () => ({ user: u, rule: {} }) })",
    "unknown key beside user, rules and version",
    '"rule"',
  ],
  ["planSync(oplead, { ...sync, mapp: () => null })", "'map'"],
  ["planSync(oplead, { ...sync, map: () => null, guard: { maxNews: 3 } })", "'maxNew'"],
  ["planSync(oplead, { source: [], map: () => null })", "'ledger'"],
  ["planSync({ oplead, ...sync, map: () => null })", "2 arguments"],
  ["fileLedger()", "1-2 arguments"],
  ["reconcileUser(oplead, ledger, u)", "'user'"],
  ['createUserWebhook(oplead, { verify: "non", map: () => null })', `'"none"'`],
  ['createUserWebhook(oplead, { verify: "none", map: () => null, respondWithin: 3 })', "'respondWithinMs'"],
  ['createUserWebhook(oplead, { verify: "none", map: () => null, queue, onRefused() {} })', "'onRefused'"],
  ['createUserWebhook(oplead, { verify: "none", map: () => null, queue, ledger })', "'ledger'"],
  ['redisRate({} as never, { key: "x", requests: 1, perMs: 1 })', "RedisRateOptions"],
  ["if (isOpleadError(caught) && caught.code === 'rate_limit') throw 1", "no overlap"],
  ["if (isOpleadError(caught) && caught.code === 'timeout') caught.findings", '"timeout"'],
  ['among(plan.findings, "fail")', "FindingDetails"],
  ['plan.render("htm")', "RenderAs"],
  ["plan.aply()", "'apply'"],
  ['textOf(new Error("x"), { language: "fr" })', "'code'"],
  ['textOf({ code: "x", message: "x" }, { language: "de" })', '"en" | "fr"'],
];

describe("the compiler's answer to a slip", () => {
  let answers: Promise<Map<number, string[]>>;

  // One run of the compiler: the line of a complaint tells its slip.
  async function compiled(): Promise<Map<number, string[]>> {
    const slips = SLIPS.map(([slip]) => `${slip};`).join("\n");
    const config = {
      extends: `${ROOT}tsconfig.json`,
      include: ["*.ts"],
      exclude: [],
      compilerOptions: { noUnusedLocals: false, typeRoots: [`${ROOT}node_modules/@types`] },
    };
    const folder = await folderWith({
      "slips.ts": `${HEAD}\n${slips}\nvoid [checkRules, code, userSchema, hmacSignature];\n`,
      "tsconfig.json": JSON.stringify(config),
    });
    const { stdout } = spawnSync(process.execPath, [TSC, "-p", folder, "--noEmit", "--pretty", "false"], {
      encoding: "utf8",
    });
    const found = new Map<number, string[]>();
    for (const complaint of stdout.split(/\n(?=\S)/)) {
      const [, line] = /slips\.ts\((\d+),/.exec(complaint) ?? [];
      const nth = Number(line) - HEAD.split("\n").length - 1;
      found.set(nth, [...(found.get(nth) ?? []), ...complaint.trim().split("\n")]);
    }
    return found;
  }

  it.each(SLIPS.map(([slip, ...names], nth) => ({ slip, names, nth })))(
    "$slip has at most two lines and names what is meant",
    async ({ names, nth }) => {
      answers ??= compiled();
      const lines = (await answers).get(nth) ?? [];
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThanOrEqual(2);
      expect([...(await answers).keys()].filter((line) => line < 0)).toEqual([]);
      for (const name of names) expect(lines.join("\n")).toContain(name);
    },
    60_000,
  );
});
