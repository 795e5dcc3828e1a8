import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { type GuardOptions, planSync, type SyncOptions } from "../../../src/sync/index.ts";
import { codesOf, eachTestItsPopulation, map, POPULATION } from "../../support/known-population.ts";
import { user, users } from "../../support/sync-users.ts";

const on = eachTestItsPopulation();

const segments: NonNullable<GuardOptions["segments"]> = ({ accountNumber }) =>
  ["Nord", "Sud", "Est", "Ouest"][Number(accountNumber?.slice(4)) % 4];
const inSouth = ({ accountNumber }: UserInput): boolean => segments({ accountNumber } as UserInput, {}) === "Sud";
const withSegments = (guard: GuardOptions = {}): Partial<SyncOptions<UserInput>> => ({ guard: { segments, ...guard } });
const segmentOf = async (number: number) => (await on.ledger.get(`ACC-${number}`))?.segment;

it("a run keeps the segment of each user in the ledger without a request, and the next writes nothing", async () => {
  on.world.newRequests();
  await on.sync([...users(POPULATION), user(POPULATION)], withSegments());
  expect(on.world.newRequests()).toBe(2);
  expect([await segmentOf(1), await segmentOf(2), await segmentOf(POPULATION)]).toEqual(["Sud", "Est", "Nord"]);
  const revision = (await on.ledger.get("ACC-1"))?.revision;
  await on.sync([...users(POPULATION), user(POPULATION)], withSegments());
  expect((await on.ledger.get("ACC-1"))?.revision).toBe(revision);
  expect(on.world.newRequests()).toBe(0);
});

it("the guard refuses a plan without a known segment until it is approved, however few users it had", async () => {
  const few: GuardOptions["segments"] = ({ accountNumber }) => (accountNumber === "ACC-9" ? "Corse" : "Nord");
  await on.sync(users(POPULATION), withSegments({ segments: few }));
  on.world.newRequests();
  const source = users(POPULATION).filter(({ accountNumber }) => accountNumber !== "ACC-9");
  const options = withSegments({ segments: few });
  const error = await on.refusalOf(on.sync(source, options));
  expect(error.findings.map(({ code, parameters }) => [code, parameters])).toEqual([
    ["segment_gone", { segment: "Corse", users: 1 }],
  ]);
  expect(among((await on.sync(source, { ...options, approve: error.hash })).findings, "leaver")).toHaveLength(1);
  expect((await on.sync(source, options)).status).toBe("complete");
});

it("a renamed segment is found, even after a run of one user under the new name", async () => {
  await on.sync(users(POPULATION), withSegments());
  const renamed: GuardOptions["segments"] = (user, rules) => segments(user, rules)?.replace("Sud", "SUD");
  const source = users(POPULATION).map((same, number) => (number === 1 ? user(1, { phone: "1" }) : same));
  await on.sync(source, { ...withSegments({ segments: renamed }), only: ["ACC-1"] });
  expect([await segmentOf(1), await segmentOf(5)]).toEqual(["SUD", "Sud"]);
  on.world.newRequests();
  expect(codesOf(await on.refusalOf(on.sync(source, withSegments({ segments: renamed }))))).toEqual(["segment_gone"]);
});

it("a record for which map throws still counts in its segment, so the segment does not look gone", async () => {
  await on.sync(users(POPULATION), withSegments());
  const failing = (given: UserInput) => {
    if (inSouth(given)) throw new Error("no region");
    return map(given);
  };
  const report = await on.sync(users(POPULATION), {
    ...withSegments(),
    map: failing,
    key: ({ accountNumber }) => accountNumber,
    guard: { segments, maxInvalid: 1 },
  });
  expect([report.counts.invalid, await segmentOf(1)]).toEqual([25, "Sud"]);
});

it("a record for which `segments` throws or returns no text is invalid, and the others are planned", async () => {
  const wrong = ((user, rules) => {
    if (user.accountNumber === "ACC-3") throw new RangeError("no such region");
    return user.accountNumber === "ACC-4" ? 7 : segments(user, rules);
  }) as GuardOptions["segments"];
  const plan = await planSync(on.oplead, {
    source: users(POPULATION),
    map,
    ledger: on.ledger,
    ...withSegments({ segments: wrong }),
  });
  expect(
    among(plan.findings, "invalid").map(({ record, issues: [issue] }) => [record, issue?.code, issue?.message]),
  ).toEqual([
    [3, "map_failed", expect.stringContaining("RangeError")],
    [4, "map_failed", expect.stringContaining("TypeError")],
  ]);
});

it("`segments` may be the name of a column, and a record that lacks the column is invalid", async () => {
  const source = [{ ...user(1, { phone: "1" }), region: " Sud " }, { ...user(2), region: "" }, user(3)];
  const map = ({ region: _, ...one }: UserInput & { region?: string }) => ({ user: one });
  const report = await on.sync(source, { map, only: ["ACC-1", "ACC-2"], guard: { segments: "region" } });
  expect([report.counts.invalid, await segmentOf(1), await segmentOf(2)]).toEqual([1, "Sud", undefined]);
});

it("when a plan is applied with the option `only`, the guard judges the chosen users by segments again", async () => {
  await on.sync(users(POPULATION), withSegments());
  const source = users(POPULATION).map((same, number) =>
    inSouth(same) && number < 28 ? user(number, { phone: "1" }) : same,
  );
  const plan = await planSync(on.oplead, { source, map, ledger: on.ledger, ...withSegments() });
  on.world.newRequests();
  expect(codesOf(await on.refusalOf(plan.apply()))).toEqual(["mass_change"]);
  const { counts } = await plan.apply({ only: ["ACC-1", "ACC-5"] });
  expect(counts.updated).toBe(2);
});
