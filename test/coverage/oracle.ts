/**
 * Computes in the simplest way what coverage should find for every user, every postcode and every kind of lead. It
 * shares no code with coverage, and reads rules in their wire form.
 */
import type { Assumptions, Coordinates, Lead, Place } from "../../src/coverage/index.ts";
import type { CountryDetails } from "../../src/rules/countries.ts";

export type Answer = "yes" | "no" | "maybe";

/** A user of the oracle, with its rules as plain data. */
export interface PlainUser {
  readonly accountNumber: string;
  readonly zipCode?: string | undefined;
  readonly coordinates?: Coordinates | undefined;
  /** Whether the user gets leads. Undefined: the source does not say it. */
  readonly receives?: boolean | undefined;
  readonly rules: {
    readonly geographical?: {
      handledCountries: {
        handledCountry: { code: string };
        handledCounties?: { handledCounty: { number: string }; handledPostCodeZips?: string[] }[];
      }[];
    };
    readonly maxDistance?: number;
    readonly competences?: { range: { code: string }; requestType?: { code: string } }[];
    readonly contactProfiles?: { code: string }[];
    readonly profileTypes?: ("pro" | "single")[];
  };
}

export interface World {
  readonly countries: readonly CountryDetails[];
  readonly places: { readonly [zip: string]: Place };
}

const and = (answers: readonly Answer[]): Answer =>
  answers.includes("no") ? "no" : answers.includes("maybe") ? "maybe" : "yes";
const or = (answers: readonly Answer[]): Answer =>
  answers.includes("yes") ? "yes" : answers.includes("maybe") ? "maybe" : "no";
const when = (condition: boolean): Answer => (condition ? "yes" : "no");

/**
 * The users who count: as `receives` says, or if it is not set, users with rules, or every user if none of `all` has
 * rules.
 */
export function counted<User extends Pick<PlainUser, "rules" | "receives">>(
  users: readonly User[],
  all: readonly Pick<PlainUser, "rules">[] = users,
): User[] {
  const hasRules = ({ rules }: Pick<PlainUser, "rules">) => Object.keys(rules).length > 0;
  const someHave = all.some(hasRules);
  return users.filter((user) => user.receives ?? (someHave ? hasRules(user) : true));
}

/**
 * Whether all rules of a user admit a lead. `county` gives the county of a lead in a place whose postcodes are not
 * known.
 */
export function admitted(
  user: PlainUser,
  lead: Lead & { county?: string },
  world: World,
  assumed: Assumptions,
): Answer {
  if (user.receives === false) return "no";
  const { geographical, maxDistance, competences, contactProfiles, profileTypes } = user.rules;
  const has = (name: keyof PlainUser["rules"]) => assumed.enabledRules.includes(name);
  const absent = { admits_all: "yes", admits_none: "no", uncertain: "maybe" }[assumed.absentRule] as Answer;
  const empty = { admits_all: "yes", admits_none: "no", uncertain: "maybe" }[assumed.emptyRule] as Answer;
  const list = <T>(name: keyof PlainUser["rules"], rule: T[] | undefined, ask: (rule: readonly T[]) => Answer) =>
    !has(name) ? "yes" : rule === undefined ? absent : rule.length === 0 ? empty : ask(rule);

  const area = list("geographical", geographical?.handledCountries, (rule) => inArea(rule, lead, world, assumed));
  const radius = !has("maxDistance")
    ? "yes"
    : maxDistance === undefined
      ? absent
      : inRadius(user, maxDistance, lead, world, assumed);
  const oneIsEnough =
    assumed.combination === "area_or_radius" &&
    has("geographical") &&
    has("maxDistance") &&
    (geographical?.handledCountries.length ?? 0) > 0 &&
    maxDistance !== undefined;
  return and([
    oneIsEnough ? or([area, radius]) : and([area, radius]),
    list("competences", competences, (rule) => or(rule.map((one) => handles(one, lead, assumed)))),
    list("contactProfiles", contactProfiles, (rule) =>
      lead.contactProfile === undefined ? "maybe" : when(rule.some(({ code }) => code === lead.contactProfile)),
    ),
    list("profileTypes", profileTypes, (rule) =>
      lead.profileType === undefined
        ? rule.includes("pro") && rule.includes("single")
          ? "yes"
          : "maybe"
        : when(rule.some((type) => type === lead.profileType)),
    ),
  ]);
}

function handles(
  one: { range: { code: string }; requestType?: { code: string } },
  lead: Lead,
  { rangeAlone }: Assumptions,
): Answer {
  const range = lead.range === undefined ? "maybe" : when(one.range.code === lead.range);
  if (lead.requestType === undefined) return and([range, one.requestType ? "maybe" : "yes"]);
  if (!one.requestType) return and([range, rangeAlone === "all_request_types" ? "yes" : "maybe"]);
  return and([range, when(one.requestType.code === lead.requestType)]);
}

function inArea(
  rule: readonly NonNullable<PlainUser["rules"]["geographical"]>["handledCountries"][number][],
  lead: Lead & { county?: string },
  world: World,
  { partsLeftOut, zipInTwoCounties }: Assumptions,
): Answer {
  const whole: Answer = partsLeftOut === "whole" ? "yes" : "maybe";
  return or(
    rule.map(({ handledCountry, handledCounties }) => {
      if (handledCountry.code !== lead.country) return "no";
      if (!handledCounties) return whole;
      const covered = new Set(
        handledCounties.filter((one) => !one.handledPostCodeZips).map((one) => one.handledCounty.number),
      );
      const partly = handledCounties.filter((one) => one.handledPostCodeZips);
      if (lead.zipCode === undefined) {
        if (lead.county === undefined) return "maybe";
        if (covered.has(lead.county)) return whole;
        return partly.some((one) => one.handledCounty.number === lead.county) ? "maybe" : "no";
      }
      const zip = lead.zipCode;
      const liesIn = world.countries
        .filter(({ code }) => code === lead.country)
        .flatMap(({ counties }) => counties)
        .filter(({ postCodeZips }) => postCodeZips?.includes(zip))
        .map(({ number }) => number);
      const listedUnder = partly
        .filter((one) => one.handledPostCodeZips?.includes(zip))
        .map((one) => one.handledCounty.number);
      if (listedUnder.length > 0 && (liesIn.length === 0 || listedUnder.some((county) => liesIn.includes(county))))
        return "yes";
      const wrongly: Answer = listedUnder.length > 0 ? "maybe" : "no";
      if (liesIn.length === 0) return covered.size > 0 ? "maybe" : wrongly;
      const some = liesIn.filter((county) => covered.has(county));
      if (some.length === 0) return wrongly;
      if (some.length === liesIn.length) return whole;
      return { any: whole, all: wrongly, uncertain: "maybe" as Answer }[zipInTwoCounties];
    }),
  );
}

function inRadius(user: PlainUser, radius: number, lead: Lead, world: World, { detourFactor }: Assumptions): Answer {
  const at = (zip: string | undefined, exact: Coordinates | undefined) => {
    if (exact) return { at: exact, give: 0 };
    const place = zip === undefined ? undefined : world.places[zip];
    return place?.coordinates && { at: place.coordinates, give: place.uncertaintyKm ?? 0 };
  };
  const from = at(user.zipCode, user.coordinates);
  const to = at(lead.zipCode, lead.coordinates);
  if (!from || !to) return "maybe";
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  // Uses the spherical law of cosines, which is not the formula of the code under test.
  const cosine =
    Math.sin(rad(from.at[0])) * Math.sin(rad(to.at[0])) +
    Math.cos(rad(from.at[0])) * Math.cos(rad(to.at[0])) * Math.cos(rad(to.at[1] - from.at[1]));
  const distance = 6371 * Math.acos(Math.max(-1, Math.min(1, cosine))) * detourFactor;
  const give = (from.give + to.give) * detourFactor;
  if (distance + give <= radius) return "yes";
  return distance - give > radius ? "no" : "maybe";
}
