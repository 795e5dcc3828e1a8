import { describe, expect, it } from "vitest";
import { type CoverageUser, calibrate, type Locate, type ObservedLead } from "../../../src/coverage/index.ts";
import { sized } from "../../support/long-form.ts";
import { measureNetwork } from "./measure-network.ts";

const brest = (rules: CoverageUser["rules"], accountNumber = "BREST"): CoverageUser => ({
  user: { accountNumber, address: { zipCode: "29200", country: { code: "FR" } } },
  rules,
});
const zips = new Map([
  ["29200", [48.39, -4.486]],
  ["29000", [48.0, -4.1]],
  ["35000", [48.11, -1.68]],
] as const);
const locate: Locate = (zip) => {
  const coordinates = zips.get(zip as "29200");
  return coordinates && { coordinates, uncertaintyKm: 1, counties: [zip.slice(0, 2)] };
};
const universe = { countries: [{ code: "FR", label: "France", counties: [] }] };
const leads = (zipCode: string, count: number, month = "01") =>
  Array.from({ length: count }, (_, index) => ({
    country: "FR",
    zipCode,
    accountNumber: "BREST",
    at: `2026-${month}-${String(1 + (index % 28)).padStart(2, "0")}`,
  }));

describe("calibrate()", () => {
  it("calibrate counts predicted, undecided and unexpected leads, and names the leads that speak against a fit", async () => {
    const observed = [...leads("29200", 2), ...leads("35000", 1), { ...leads("29000", 1)[0], zipCode: "99999" }];
    const { fits, observations } = await calibrate(observed as never, [brest({ maxDistance: 30 })], {
      universe,
      locate,
      candidates: [{}],
    });
    expect(observations).toBe(4);
    expect(fits).toEqual([
      { assumptions: {}, predicted: 2, undecided: 1, unexpected: 1, against: [2], differs: 0, lessLikely: 0 },
    ]);
  });

  it("calibrate refutes nothing on twelve leads, and says on how many of them fits differ", async () => {
    const observed = [...leads("29200", 10), ...leads("29000", 2)];
    const { fits, refuted } = await calibrate(observed, [brest({ maxDistance: 60 })], {
      universe,
      locate,
      candidates: [{ detourFactor: 1.3 }, { detourFactor: 1 }],
    });
    expect(refuted).toEqual([]);
    expect(fits.map(({ assumptions }) => assumptions.detourFactor)).toEqual([1, 1.3]);
    expect(fits.map(({ differs }) => differs)).toEqual([0, 2]);
  });

  it("calibrate refutes what most leads contradict", async () => {
    const users = [brest({ maxDistance: 30 })];
    const { fits, refuted } = await calibrate(leads("29200", 60), users, {
      universe,
      locate,
      candidates: [{ absentRule: "admits_none" }, { absentRule: "admits_all" }],
    });
    expect(fits.map(({ assumptions }) => assumptions)).toEqual([{ absentRule: "admits_all" }]);
    expect(refuted).toMatchObject([{ assumptions: { absentRule: "admits_none" }, unexpected: 60, differs: 60 }]);
  });

  it("calibrate names a user whose leads lie outside its radius, and since when", async () => {
    const others = Array.from({ length: 20 }, (_, index) => ({
      ...leads("29200", 1)[0],
      accountNumber: `OK-${index % 4}`,
    }));
    const users = [
      brest({ maxDistance: 40 }),
      ...[0, 1, 2, 3].map((index) => brest({ maxDistance: 40 }, `OK-${index}`)),
    ];
    const observed = [...leads("29200", 20, "01"), ...leads("29000", 10, "03"), ...Array(15).fill(others).flat()];
    const { drift } = await calibrate(observed, users, { universe, locate, candidates: [{}] });
    expect(drift).toEqual([
      {
        accountNumber: "BREST",
        leads: 10,
        of: 30,
        since: "2026-03-01",
        rule: "maxDistance",
        code: "leads_outside_radius",
        parameters: { user: "BREST", leads: 10, of: 30, since: "2026-03-01", radiusKm: 40 },
        message:
          "BREST got 10 of its 30 leads outside its radius of 40 km, since 2026-03-01: its rules were probably edited in Oplead",
      },
    ]);
  });

  it("calibrate leaves out leads of users that are not known, and tells apart those that no user explains", async () => {
    const observed = [...leads("29200", 3), ...leads("35000", 1), { ...leads("29200", 1)[0], accountNumber: "GONE" }];
    const result = await calibrate(observed as never, [brest({ maxDistance: 30 })], {
      universe,
      locate,
      candidates: [{}],
    });
    expect(result).toMatchObject({ observations: 4, unknown: ["GONE"], unexplained: [3] });
  });

  it("calibrate names leads that are dated in 1970 or in the future, and does not take them for the beginning of drift", async () => {
    const others = Array.from({ length: 4 }, (_, user) =>
      leads("29200", 60).map((lead) => ({ ...lead, accountNumber: `OK-${user}` })),
    );
    const users = [brest({ maxDistance: 40 }), ...[0, 1, 2, 3].map((one) => brest({ maxDistance: 40 }, `OK-${one}`))];
    const wrong = ["1970-01-01", "2031-01-01"].map((at) => ({ ...(leads("29000", 1)[0] as ObservedLead), at }));
    const observed = [...wrong, ...leads("29200", 20, "01"), ...leads("29000", 10, "03"), ...others.flat()];
    const now = () => Date.parse("2026-04-01T00:00:00Z");
    const { misdated, drift } = await calibrate(observed, users, { universe, locate, candidates: [{}], now });
    expect(misdated).toEqual([0, 1]);
    expect(drift).toMatchObject([{ accountNumber: "BREST", leads: 12, since: "2026-03-01" }]);
  });

  it("calibrate says everything that is wrong with leads, each with its place", async () => {
    const observed = [{ country: "fr", accountNumber: "", at: "12 March" }];
    const failure = calibrate(observed as never, [], { universe });
    await expect(failure).rejects.toMatchObject({
      code: "invalid_input",
      issues: ["country", "accountNumber", "at"].map((field) =>
        expect.objectContaining({ path: `observed[0].${field}` }),
      ),
    });
    await expect(calibrate([], [], { universe, noise: 2, candidates: [] })).rejects.toMatchObject({
      code: "invalid_options",
      issues: [{ path: "candidates" }, { path: "noise" }],
    });
  });

  it("calibrate keeps the true assumptions among the fits at 2 % noise, and names those whose rules were edited", async () => {
    const worlds = sized(1, 20);
    const figures = { kept: 0, first: 0, edited: 0, named: 0, right: 0 };
    for (let seed = 1; seed <= worlds; seed += 1) {
      const measured = await measureNetwork(seed, { leads: 1_000, noise: 0.02 });
      figures.kept += Number(measured.kept);
      figures.first += Number(measured.first);
      figures.edited += measured.edited.length;
      figures.named += measured.named.length;
      figures.right += measured.right.length;
    }
    console.log(`calibrate, ${worlds} worlds: ${JSON.stringify(figures)}`);
    expect(figures.kept).toBe(worlds);
    expect(figures.right).toBeGreaterThanOrEqual(0.95 * figures.named);
  });
});
