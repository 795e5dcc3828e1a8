import { afterAll, beforeAll, expect, it } from "vitest";
import {
  coverageOf,
  exclusive,
  maxLost,
  type PolicyContext,
  type PolicyUser,
  policyFinding,
  requireCoverage,
  type SyncPolicy,
} from "../../../src/coverage/index.ts";
import type { Oplead, UserRules } from "../../../src/index.ts";
import {
  forgetUser,
  type Ledger,
  type LedgerEntry,
  memoryLedger,
  planSync,
  type SourceUser,
  SyncGuardError,
  type SyncOptions,
  syncUsers,
} from "../../../src/sync/index.ts";
import { setEntry } from "../../support/entries.ts";
import { openWorld, type World } from "../../support/sync-users.ts";
import { user as anyUser } from "../../support/users.ts";
import { countries, locate } from "../worlds.ts";

let world: World;
let oplead: Oplead;
beforeAll(async () => {
  world = await openWorld();
  oplead = world.connect();
});
afterAll(() => world.close());

const area = (...counties: string[]): UserRules => ({
  geographical: {
    handledCountries: [
      { handledCountry: { code: "FR" }, handledCounties: counties.map((number) => ({ handledCounty: { number } })) },
    ],
  },
});

const dealer = (accountNumber: string, zipCode: string, rules: UserRules, more: object = {}): SourceUser => ({
  user: anyUser(0, {
    ...{ accountNumber, login: accountNumber, email: `${accountNumber}@x.example`, parentUserIdentifier: undefined },
    ...{ profile: { code: "PRF_NETWORK" }, address: { zipCode, city: "Somewhere", country: { code: "FR" } }, ...more },
  }),
  rules: { competences: [{ range: { code: "RNG_A" } }], ...rules },
});

// BREST covers the Finistère (29) by its radius, QUIMPER by its area.
const BREST = dealer("BREST", "29200", { maxDistance: 100 });
const AIN = dealer("AIN", "01000", area("01"));
const QUIMPER = dealer("QUIMPER", "29000", area("29"));
const finistere = { country: "FR", counties: ["29"] };
const coverage = { universe: { countries, ranges: ["RNG_A"] }, locate, labels: { RNG_A: "Voitures" } };
const cover = requireCoverage({ where: finistere, for: { ranges: ["RNG_A"] }, atLeast: 1 });

const filled = async (users: readonly SourceUser[], more: Partial<SyncOptions<SourceUser>> = {}): Promise<Ledger> => {
  const ledger = memoryLedger();
  const report = await syncUsers(oplead, { source: users, map: (user) => user, ledger, coverage, ...more });
  expect(report.status).toBe("complete");
  return ledger;
};
const plan = (ledger: Ledger, source: readonly SourceUser[], more: Partial<SyncOptions<SourceUser>> = {}) =>
  planSync(oplead, { source, map: (user) => user, ledger, coverage, policies: [cover], guard: false, ...more });
const messages = (found: readonly { message: string }[]): string[] => found.map(({ message }) => message);

it("a plan that leaves a county without a user is refused with its causes, until it is approved", async () => {
  const ledger = await filled([BREST, AIN]);
  const source = [dealer("BREST", "29200", { maxDistance: 40 }), AIN];
  const planned = await plan(ledger, source);
  expect(messages(planned.refusals)).toEqual([
    "This plan leaves 1 postcode of Finistère (63,000 inhabitants) without a user for Voitures: " +
      "BREST's radius falls from 100 to 40 km (policy requireCoverage FR 29).",
  ]);
  expect(planned.refusals[0]).toMatchObject({
    code: "policy",
    parameters: { zipCodes: ["29000"], causes: [{ accountNumber: "BREST", postcodes: 1 }] },
  });
  world.newRequests();
  const refused = await planned.apply().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(SyncGuardError);
  expect(world.newRequests()).toBe(0);
  expect((await planned.apply({ approve: planned.hash })).counts.updated).toBe(1);
  expect((await plan(ledger, source)).refusals).toEqual([]);
});

it("a user whose postcode is not known covers nothing by distance: the plan is refused, and names it", async () => {
  const ledger = await filled([BREST, AIN]);
  const lost = dealer("BREST", "99999", { maxDistance: 100 });
  const { refusals, warnings } = await plan(ledger, [AIN, lost], { rowOf: (user) => [AIN, lost].indexOf(user) + 2 });
  expect(messages(refusals)).toEqual([
    expect.stringMatching(
      /^This plan leaves 2 postcodes of Finistère .* BREST moves to another postcode .* 1 user without a known place covers nothing by distance: BREST\.$/,
    ),
  ]);
  expect(messages(warnings)).toContain("1 user without a known place covers nothing by distance: BREST (row 3).");
});

it("a policy whose option onViolation is warn does not refuse the plan, nor one about other leads", async () => {
  const ledger = await filled([BREST, AIN]);
  const universe = { countries, ranges: ["RNG_A", "RNG_B"] };
  const policies = [
    requireCoverage({ where: finistere, atLeast: 1, onViolation: "warn", name: "west" }),
    requireCoverage({ where: finistere, atLeast: 1, for: { ranges: ["RNG_B"] } }),
  ];
  const { refusals, warnings } = await plan(ledger, [AIN], { policies, coverage: { ...coverage, universe } });
  expect([refusals, messages(warnings)]).toEqual([[], [expect.stringContaining("(policy west)")]]);
});

it("policies can forbid shared leads, and the loss of the last user of too many postcodes", async () => {
  const ledger = await filled([QUIMPER, AIN]);
  const policies = [
    exclusive({ where: finistere, group: ({ user }) => user.accountNumber }),
    maxLost({ postcodes: 2 }),
  ];
  const { refusals } = await plan(ledger, [QUIMPER, dealer("AIN", "01000", area("29"))], { policies });
  expect(messages(refusals)).toEqual([
    "This plan lets users of several groups share 2 postcodes of Finistère (203,000 inhabitants): AIN and QUIMPER: " +
      "AIN's rule geographical changes (policy exclusive FR 29).",
    expect.stringMatching(
      /^This plan takes the last user from 3 postcodes of .*Ain.*; the limit is 2 postcodes: AIN's/,
    ),
  ]);
});

it("a policy may be a function: it gets the coverage before and after, and returns its own findings", async () => {
  const ledger = await filled([BREST, AIN]);
  const own: SyncPolicy = {
    name: "own",
    judge: async (context: PolicyContext) => {
      const { before, after } = await coverageOf(context);
      const lead = { country: "FR", zipCode: "29000", range: "RNG_A", profileType: "pro" };
      const [was, is] = [before.eligible(lead), after.eligible(lead)];
      return [policyFinding({ policy: "own", text: `Quimper had ${was.join()}, and has ${is.join() || "nobody"}` })];
    },
  };
  expect(messages((await plan(ledger, [AIN], { policies: [own] })).refusals)).toEqual([
    "Quimper had BREST, and has nobody (policy own).",
  ]);
});

it.each<[string, string[], Partial<SyncOptions<SourceUser>>]>([
  ["a whole plan", ["AIN 1-1 geographical,competences", "BREST 1-0 ", "NEW --1 ", "OLD 0-1 "], {}],
  [
    "a plan whose leavers still count",
    ["AIN 1-1 geographical,competences", "NEW --1 "],
    { coverage: { ...coverage, leaversCover: true } },
  ],
  ["a plan for some users", ["NEW --1 "], { only: ["NEW"] }],
])("a policy sees who counts before and after %s, and rules that are not known", async (_, seen, more) => {
  const ledger = await filled([BREST, AIN, QUIMPER, dealer("OLD", "01200", {})]);
  const [ain, old] = [await ledger.get("AIN"), await ledger.get("OLD")];
  await setEntry(ledger, "AIN", { ...(ain as LedgerEntry), accepted: undefined });
  await setEntry(ledger, "OLD", { ...(old as LedgerEntry), missingSince: 1 });
  const told: string[] = [];
  const counts = (user: PolicyUser | undefined) => (user ? Number(user.counts) : "-");
  const judge: SyncPolicy["judge"] = ({ changes }) => {
    told.push(
      ...changes.map((one) => {
        return `${one.accountNumber} ${counts(one.before)}-${counts(one.after)} ${one.after.unknown}`;
      }),
    );
    return [];
  };
  const rows = [AIN, QUIMPER, dealer("OLD", "01200", {}), dealer("NEW", "01300", {})];
  const map = (one: SourceUser) => {
    if (one === QUIMPER) throw new Error("broken");
    return one === AIN ? { ...AIN, rules: { ...AIN.rules, maxDistance: 5 } } : one;
  };
  const key = (one: SourceUser) => one.user.accountNumber ?? "";
  await plan(ledger, rows, { ...more, map, key, policies: [{ name: "own", judge }] });
  expect(told.sort()).toEqual(seen);
});

it.each([
  [requireCoverage({ where: { country: "FR", counties: ["99"] }, atLeast: 1 }), "where.counties[0]"],
  [requireCoverage({ where: finistere, for: { ranges: ["RNG_SLIP"] }, atLeast: 1 }), "for.ranges[0]"],
  [{ name: "throws", judge: () => Promise.reject(new RangeError("secret")) }, "policies[0]"],
])("a policy about something that does not exist, or that throws, ends the planning (%#)", async (policy, path) => {
  const ledger = await filled([AIN]);
  const planning = plan(ledger, [dealer("AIN", "01200", area("01"))], { policies: [policy as SyncPolicy] });
  await expect(planning).rejects.toMatchObject({ code: "invalid_options", issues: [{ path }] });
  await expect(planning).rejects.not.toThrow("secret");
});

it("a policy checks its options when made, and a plan with policies needs coverage options", async () => {
  const wrong = [
    () => requireCoverage({ where: { country: "FR", county: "29" } as never, atLeast: 0 }),
    () => exclusive({ where: finistere } as never),
    () => maxLost({}),
  ];
  for (const make of wrong) expect(make).toThrow(expect.objectContaining({ code: "invalid_options" }));
  await expect(plan(memoryLedger(), [], { coverage: undefined })).rejects.toMatchObject({
    issues: [{ path: "policies", code: "needs_coverage" }],
  });
  await expect(coverageOf({} as never)).rejects.toBeDefined();
});

it("the ledger keeps rules, country and postcode of a user but no name, and forgetUser erases them", async () => {
  const ledger = await filled([BREST, AIN]);
  const entry = await ledger.get("BREST");
  expect(entry?.accepted).toEqual({
    user: entry?.user,
    country: "FR",
    zipCode: "29200",
    rules: {
      maxDistance: { hash: entry?.rules.maxDistance, body: { maxDistance: 100 } },
      competences: { hash: entry?.rules.competences, body: [{ range: { code: "RNG_A" } }] },
    },
  });
  await syncUsers(oplead, { source: [BREST, AIN], map: (user) => user, ledger, coverage });
  expect((await ledger.get("BREST"))?.revision).toBe(entry?.revision);
  const plain = await (await filled([BREST], { coverage: undefined })).get("BREST");
  expect(plain?.accepted).toEqual(entry?.accepted);
  expect(JSON.stringify(plain)).not.toMatch(/Somewhere|@x\.example/);
  await forgetUser(ledger, "BREST");
  expect(JSON.stringify(await ledger.get("BREST"))).not.toContain("29200");
});
