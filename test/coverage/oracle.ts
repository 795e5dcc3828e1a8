// What coverage should find, in the simplest way. Shares no code with it, and reads rules in their wire form.
import type { Assumptions, Coordinates, Lead, Place } from "../../src/coverage/index.ts";
import type { CountryDetails } from "../../src/rules/countries.ts";

export interface PlainUser {
  readonly accountNumber: string;
  readonly zipCode?: string | undefined;
  readonly coordinates?: Coordinates | undefined;
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

export function counted<User extends Pick<PlainUser, "rules" | "receives">>(
  users: readonly User[],
  all: readonly Pick<PlainUser, "rules">[] = users,
): User[] {
  const hasRules = ({ rules }: Pick<PlainUser, "rules">) => Object.keys(rules).length > 0;
  const someHave = all.some(hasRules);
  return users.filter((user) => user.receives ?? (someHave ? hasRules(user) : true));
}

// `county`: of a lead in a place whose postcodes are not known. `isElsewhere`: the radius has the other answer.
export function admitted(
  user: PlainUser,
  lead: Lead & { county?: string },
  world: World,
  assumed: Assumptions,
  isElsewhere = false,
): boolean {
  if (user.receives === false) return false;
  const { geographical, maxDistance, competences, contactProfiles, profileTypes } = user.rules;
  const has = (name: keyof PlainUser["rules"]) => assumed.enabledRules.includes(name);
  const absent = assumed.absentRule === "admits_all";
  const empty = assumed.emptyRule === "admits_all";
  const list = <T>(name: keyof PlainUser["rules"], rule: T[] | undefined, ask: (rule: readonly T[]) => boolean) =>
    !has(name) ? true : rule === undefined ? absent : rule.length === 0 ? empty : ask(rule);
  const oneOf = (code: string | undefined, codes: readonly string[]) => code === undefined || codes.includes(code);

  const area = list("geographical", geographical?.handledCountries, (rule) => inArea(rule, lead, world, assumed));
  const radius = !has("maxDistance")
    ? true
    : maxDistance === undefined
      ? absent
      : inRadius(user, maxDistance, lead, world, assumed) !== isElsewhere;
  const oneIsEnough =
    assumed.combination === "area_or_radius" &&
    has("geographical") &&
    has("maxDistance") &&
    (geographical?.handledCountries.length ?? 0) > 0 &&
    maxDistance !== undefined;
  return [
    oneIsEnough ? area || radius : area && radius,
    list("competences", competences, (rule) => rule.some((one) => handles(one, lead, assumed))),
    list("contactProfiles", contactProfiles, (rule) =>
      oneOf(
        lead.contactProfile,
        rule.map(({ code }) => code),
      ),
    ),
    list("profileTypes", profileTypes, (rule) => oneOf(lead.profileType, rule)),
  ].every((isAdmitted) => isAdmitted);
}

function handles(
  one: { range: { code: string }; requestType?: { code: string } },
  lead: Lead,
  { rangeAlone }: Assumptions,
): boolean {
  if (lead.range !== undefined && one.range.code !== lead.range) return false;
  if (lead.requestType === undefined) return true;
  return one.requestType ? one.requestType.code === lead.requestType : rangeAlone === "all_request_types";
}

function inArea(
  rule: readonly NonNullable<PlainUser["rules"]["geographical"]>["handledCountries"][number][],
  lead: Lead & { county?: string },
  world: World,
  { partsLeftOut, zipInTwoCounties }: Assumptions,
): boolean {
  const whole = partsLeftOut === "whole";
  return rule.some(({ handledCountry, handledCounties }) => {
    if (handledCountry.code !== lead.country) return false;
    if (!handledCounties) return whole;
    const covered = new Set(
      handledCounties.filter((one) => !one.handledPostCodeZips).map((one) => one.handledCounty.number),
    );
    const zip = lead.zipCode;
    if (zip === undefined) return whole && lead.county !== undefined && covered.has(lead.county);
    const liesIn = world.countries
      .filter(({ code }) => code === lead.country)
      .flatMap(({ counties }) => counties)
      .filter(({ postCodeZips }) => postCodeZips?.includes(zip))
      .map(({ number }) => number);
    const listedUnder = handledCounties
      .filter((one) => one.handledPostCodeZips?.includes(zip))
      .map((one) => one.handledCounty.number);
    if (listedUnder.length > 0 && (liesIn.length === 0 || listedUnder.some((county) => liesIn.includes(county))))
      return true;
    const some = liesIn.filter((county) => covered.has(county));
    return whole && some.length > 0 && (zipInTwoCounties === "any" || some.length === liesIn.length);
  });
}

function inRadius(user: PlainUser, radius: number, lead: Lead, world: World, { detourFactor }: Assumptions): boolean {
  const from = user.coordinates ?? world.places[user.zipCode ?? ""]?.coordinates;
  const to = lead.coordinates ?? world.places[lead.zipCode ?? ""]?.coordinates;
  if (!from || !to) return false;
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  // The spherical law of cosines: not the formula of the code under test.
  const cosine =
    Math.sin(rad(from[0])) * Math.sin(rad(to[0])) +
    Math.cos(rad(from[0])) * Math.cos(rad(to[0])) * Math.cos(rad(to[1] - from[1]));
  return 6371 * Math.acos(Math.max(-1, Math.min(1, cosine))) * detourFactor <= radius;
}
