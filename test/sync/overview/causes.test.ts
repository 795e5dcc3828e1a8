import { expect, it } from "vitest";
import { LANGUAGES } from "../../../src/sync/language.ts";
import { causesOf } from "../../../src/sync/overview/causes.ts";
import type { PlanFacts } from "../../../src/sync/types/plan.ts";
import type { ChangedRule, PlannedUser } from "../../../src/sync/types/records.ts";
import { fullPlan } from "../../support/full-plan.ts";

const nothing: PlanFacts = { ...fullPlan, changes: [], findings: [] };

function change(ruleChanges: readonly ChangedRule[], more: Partial<PlannedUser> = {}): PlannedUser {
  return {
    ...{ record: 0, row: 2, accountNumber: "DLR", kind: "changed", id: "1", movedFrom: undefined, after: undefined },
    ...{ fields: [], fieldsUnknown: false, doubted: false, rules: ruleChanges.map(({ rule }) => rule), ruleChanges },
    ...more,
  };
}

const radius = (was: number | null | undefined, now: number): ChangedRule => ({
  rule: "maxDistance",
  ...(was !== undefined && { was: was === null ? null : { maxDistance: was } }),
  now: { maxDistance: now },
});

const times = (count: number, one: PlannedUser) => Array.from({ length: count }, () => one);

function told(changes: readonly PlannedUser[], more: Partial<PlanFacts> = {}, language: "en" | "fr" = "en"): string[] {
  return causesOf({ ...nothing, changes, ...more }, LANGUAGES[language], (name) => name).map(({ text, segments }) =>
    [text, ...segments].join(" | "),
  );
}

it("causesOf groups changes of a radius by old and new value, the most frequent first", () => {
  const changes = [...times(300, change([radius(90, 12)])), ...times(904, change([radius(50, 45)]))];
  expect(told(changes)).toEqual(["1,204 radii change: from 50 to 45 km for 904, from 90 to 12 km for the others"]);
  expect(told(times(2, change([radius(90, 12)])))).toEqual(["2 radii change from 90 to 12 km"]);
  expect(told(changes.slice(0, 301), {}, "fr")).toEqual([
    "301 rayons changent\u202f: de 90 à 12 km pour 300, de 50 à 45 km pour les autres",
  ]);
});

it("causesOf groups radii of many old values by the new one, and of many new values by shorter or longer", () => {
  const shrunk = [90, 100, 110, 120].map((was) => change([radius(was, 12)]));
  expect(told(shrunk)).toEqual(["4 radii change from 90–120 to 12 km"]);
  const mixed = [1, 2, 3, 4, 5].map((by) => change([radius(50, 50 - by)]));
  expect(told([...mixed, change([radius(10, 20)])])).toEqual([
    "6 radii change: from 50 to 45–49 km for 5, from 10 to 20 km for the others",
  ]);
});

it("causesOf says for how many users a radius is new, and for how many the former one is not known", () => {
  expect(told([change([radius(null, 30)]), change([radius(undefined, 40)]), change([radius(10, 20)])])).toEqual([
    "3 radii change: from 10 to 20 km for 1, new, 30 km, for 1, for 1 the value before is not known",
  ]);
});

it("causesOf names the segments with the most changes of a cause", () => {
  const changes = ["Nord", "Sud", "Nord"].map((segment) => change([radius(90, 12)], { segment }));
  expect(told(changes)).toEqual(["3 radii change from 90 to 12 km | Nord (2) | Sud (1)"]);
});

it("causesOf names codes that rules gain and lose by their labels, and counts places of areas", () => {
  const pair = (range: string, requestType: string) => ({
    range: { code: range },
    requestType: { code: requestType },
  });
  const lost: ChangedRule = {
    rule: "competences",
    was: [pair("CARS", "QUOTE"), pair("TRUCKS", "QUOTE"), pair("TRUCKS", "REPAIR")],
    now: [pair("CARS", "QUOTE"), pair("CARS", "REPAIR")],
  };
  const area = (...zips: string[]) => ({
    handledCountries: [
      {
        handledCountry: { code: "FR" },
        handledCounties: [
          { handledCounty: { number: "29" } },
          { handledCounty: { number: "35" }, handledPostCodeZips: zips },
        ],
      },
    ],
  });
  const smaller: ChangedRule = {
    rule: "geographical",
    was: area("35000", "35200", "35400", "35500", "35600"),
    now: area("35000"),
  };
  expect(told([change([lost]), change([lost]), change([smaller])], { labels: { TRUCKS: "Poids lourds" } })).toEqual([
    "Competences of 2 users: CARS × REPAIR added for 2, Poids lourds removed for 2",
    "Area of 1 user: 4 postcodes removed for 1",
  ]);
});

it("causesOf tells which fields change, and for which users other users wait", () => {
  const waiting = [1, 2].map((number) => ({
    ...{ kind: "waiting" as const, record: number, row: number, accountNumber: `HR-${number}`, parent: "RESP-04" },
    root: { record: 7, row: 9, accountNumber: "RESP-04", because: "invalid" as const },
  }));
  const changes = [change([], { fields: ["phone", "email"] }), change([], { fields: ["phone"] })];
  expect(told(changes, { findings: waiting })).toEqual([
    "Fields that change: phone for 2 and email for 1",
    "Row 9 (RESP-04) is invalid: 2 people wait for it (HR-1, HR-2).",
  ]);
  expect(told([change([], { kind: "new", fields: ["phone"] })])).toEqual([]);
});
