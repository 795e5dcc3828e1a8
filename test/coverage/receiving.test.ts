import { expect, expectTypeOf, it } from "vitest";
import { franceCountry, locate } from "../../src/coverage/france.ts";
import { type CoverageUser, coverage, type ExclusiveOptions, explainLead, maxLost } from "../../src/coverage/index.ts";
import { createOplead } from "../../src/index.ts";
import { memoryLedger, planSync, type SourceUser, type SyncOptions, syncUsers } from "../../src/sync/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";
import { user as anyUser } from "../support/users.ts";

const france = franceCountry();
const universe = { countries: [france], ranges: ["RNG_A"], requestTypes: [], contactProfiles: [] };
const counties = france.counties.map(({ number }) => number);

const user = (accountNumber: string, profile: string, rules: SourceUser["rules"]) => ({
  user: anyUser(0, {
    ...{ accountNumber, login: accountNumber, email: `${accountNumber}@x.example`, parentUserIdentifier: undefined },
    ...{ profile: { code: profile }, address: { zipCode: "75001", city: "Paris", country: { code: "FR" } } },
  }),
  rules,
});
const dealer = (county: string) =>
  user(`DLR-${county}`, "PRF_NETWORK", {
    geographical: {
      handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: [{ handledCounty: { number: county } }] }],
    },
  });
const managers = Array.from({ length: 16 }, (_, at) => user(at === 0 ? "RESEAU" : `REG-${at}`, "PRF_REGION", {}));
// In about half of the counties.
const dealers = counties.slice(0, 48).map(dealer);
const network = [...managers, ...dealers];
const isDealer = ({ user: { profile } }: CoverageUser) => profile?.code === "PRF_NETWORK";

const NOT_COUNTED =
  "16 users without rules are not counted: RESEAU, REG-1, REG-2, REG-3, REG-4 and 11 more; if they get every lead, say `receives`.";

it("sixteen managers without rules hide no gap, count in no figure, and are listed as not counted", async () => {
  const options = { universe, locate };
  const [all, alone] = [await coverage(network, options), await coverage(dealers, options)];
  expect(all.findings).toEqual(alone.findings);
  expect(all.classes).toEqual(alone.classes);
  expect(all.findings.filter(({ kind }) => kind === "gap").length).toBeGreaterThan(0);
  expect(all.notCounted.map(({ message }) => message)).toEqual([NOT_COUNTED]);
  expect(all.notCounted[0]?.accountNumbers).toEqual(managers.map((one) => one.user.accountNumber));
  expect(alone.notCounted).toEqual([]);
});

it("a leaver is told for a lead if its rules in Oplead may admit the lead, and it never counts", async () => {
  const left = { notCounted: "left" } as const;
  const leavers = [
    { ...dealer("01"), ...left },
    { ...dealer("02"), ...left },
    { ...user("FAR", "PRF_NETWORK", { maxDistance: 5 }), ...left },
    { user: { accountNumber: "NOWHERE" }, rules: { maxDistance: 5 }, ...left },
    { user: { accountNumber: "IMPORTED" }, rules: {}, unknown: ["geographical" as const], ...left },
  ];
  const others = dealers.slice(1);
  const refuses = () => {
    throw new Error("A leaver has no profile to ask for.");
  };
  const receives = (one: CoverageUser) => ("notCounted" in one ? refuses() : undefined);
  const lead = { country: "FR", zipCode: "01000" };
  const { users, notCounted } = await explainLead(lead, [...leavers, ...others.slice(1)], {
    ...{ locate, countries: [france], receives },
  });
  expect(users.map(({ accountNumber }) => accountNumber)).not.toContain("DLR-01");
  expect(notCounted).toMatchObject([{ code: "users_left", accountNumbers: ["DLR-01", "NOWHERE", "IMPORTED"] }]);
});

it("a report in French begins with the users who do not count, and the data in its script has all users", async () => {
  const page = await (await coverage(network, { universe, locate })).render("html", { language: "fr" });
  expect(page).toContain("16 utilisateurs sans règle ne sont pas comptés");
  expect(page.indexOf("ne sont pas comptés")).toBeLessThan(page.indexOf("<main>"));
  expect(page).toContain('"a":"RESEAU"');
});

it("a policy gets only a user's account number and address", () => {
  type User = Parameters<ExclusiveOptions["group"]>[0]["user"];
  expectTypeOf<keyof User>().toEqualTypeOf<"accountNumber" | "address">();
});

const profiles = ["PRF_REGION", "PRF_NETWORK"].map((code) => ({ code, label: code }));
const { fetch } = createFakeOplead({ profiles });
const oplead = createOplead({ token: "fake-token", fetch, rateLimit: false });
type Options = Partial<SyncOptions<SourceUser>>;
const shared = { map: (one: SourceUser) => one, guard: false, checks: false } as const;
const policies = [maxLost({ inhabitants: 300_000 })];
const receives = isDealer;

const filled = async (source: readonly SourceUser[], more: Options = {}) => {
  const ledger = memoryLedger();
  const options = { ...shared, source, ledger, coverage: { universe, locate }, ...more };
  expect((await syncUsers(oplead, options)).status).toBe("complete");
  return ledger;
};

it("policies notice a dealer who leaves or becomes a manager, for the ledger keeps who gets leads", async () => {
  const covering = { coverage: { universe, locate, receives }, policies };
  const [first] = dealers;
  const everywhere = {
    ...user("CHIEF", "PRF_REGION", { geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] } }),
  };
  const ledger = await filled([...network, everywhere], covering);
  expect([await ledger.get("DLR-01"), await ledger.get("CHIEF")]).toMatchObject([
    { receives: true },
    { receives: false },
  ]);
  const options = { ...shared, ...covering, ledger };

  const left = await planSync(oplead, {
    ...options,
    source: [...network.filter((one) => one !== first), everywhere],
  });
  expect(left.refusals.map(({ message }) => message)).toEqual([expect.stringContaining("DLR-01 leaves")]);
  expect((await planSync(oplead, { ...options, source: network })).refusals).toEqual([]);

  const promoted = network.map((one) => (one === first ? user("DLR-01", "PRF_REGION", one.rules) : one));
  const plan = await planSync(oplead, { ...options, source: [...promoted, everywhere] });
  expect(plan.refusals.map(({ message }) => message)).toEqual([
    expect.stringContaining("DLR-01 gets no leads any more"),
  ]);
  expect(await plan.render("text", { language: "fr" })).toContain("DLR-01 ne reçoit plus de leads");
  const before = (await ledger.get("RESEAU"))?.revision;
  await syncUsers(oplead, { ...options, source: [...network, everywhere] });
  expect((await ledger.get("RESEAU"))?.revision).toBe(before);
});

it("a list of profiles as receives is stored for each user, and one without a profile still counts", async () => {
  const covering = { coverage: { universe, locate, receives: ["PRF_NETWORK"] } };
  const ledger = await filled(network, covering);
  expect([(await ledger.get("DLR-01"))?.receives, (await ledger.get("RESEAU"))?.receives]).toEqual([true, false]);
  const nameless = [{ user: { accountNumber: "X-1" } }];
  expect((await coverage(nameless, { ...covering.coverage })).notCounted).toEqual([]);
});

it("a record is invalid if `receives` returns neither true, false nor undefined for its user", async () => {
  const coverage = { universe, locate, receives: () => "perhaps" as never };
  const plan = await planSync(oplead, { ...shared, source: dealers.slice(0, 2), ledger: memoryLedger(), coverage });
  expect(plan.counts.invalid).toBe(2);
});

it("a plan without 31 dealers is refused although managers stay, and a warning names the managers", async () => {
  const ledger = await filled(network);
  const coverage = { universe, locate };
  const plan = await planSync(oplead, { ...shared, ledger, policies, coverage, source: network.slice(0, -31) });
  expect(plan.refusals.map(({ parameters }) => parameters)).toMatchObject([{ policy: "maxLost", causeCount: 31 }]);
  expect(plan.warnings.map(({ message }) => message)).toContain(NOT_COUNTED);
});
