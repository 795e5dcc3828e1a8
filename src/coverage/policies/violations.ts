import { showIdentity } from "../../core/redact.ts";
import { getOrMake } from "../../core/values.ts";
import type { PolicyCause, PolicyFacts } from "../../locales/en/findings.ts";
import { ruleNames } from "../../rules/rules.ts";
import { dependsOn } from "../assumptions.ts";
import { addTo, intersection, isEmpty, type Mask, type Tally, without } from "../masks.ts";
import { lacksPlace } from "../member.ts";
import type { Network } from "../network.ts";
import type { SpotClass } from "../reach.ts";
import { AXES } from "../rules/rules.ts";
import type { AreaChange, Dimensions, PolicyChange, PolicyContext, PolicyFinding, SyncPolicy } from "../types.ts";
import { cellsOf, type PolicyArea, policyFinding, spotsOf } from "./area.ts";
import { mapsOf, type PolicyMaps, type Side } from "./maps.ts";

/** Options of every policy. */
export interface PolicyOptions {
  /** Name of the policy in findings. Default: its kind and its area. */
  readonly name?: string | undefined;
  /** `"refuse"`: a plan that breaks it is refused; `"warn"`: there is only a warning. Default `"refuse"`. */
  readonly onViolation?: "refuse" | "warn" | undefined;
}

interface Judge extends PolicyOptions {
  readonly name: string;
  readonly problem: PolicyFacts["problem"];
  readonly where?: PolicyArea | undefined;
  readonly kinds?: Dimensions | undefined;
  readonly always?: boolean | undefined;
  // Postcodes with fewer inhabitants are not judged.
  readonly inhabitants?: number | undefined;
  readonly limits: Pick<PolicyFacts, "limit" | "most">;
  // Whether users that the plan adds can break the policy; if not, users that it takes away can.
  readonly isAboutGains: boolean;
  // Returns the kinds of leads that break the policy in these places.
  broken(maps: PolicyMaps, spotClass: SpotClass, before: Tally, after: Tally, isState: boolean): Mask;
  // Whether the broken places are a violation. Default: one is enough.
  isTooMuch?(maps: PolicyMaps, places: readonly BrokenPlaces[]): boolean;
  // Returns the names of the groups that break the policy.
  groupsIn?(maps: PolicyMaps, places: readonly BrokenPlaces[]): string[];
}

export interface BrokenPlaces {
  readonly spotClass: SpotClass;
  readonly spots: readonly number[];
  readonly cells: Mask;
}

export function policyOf(judge: Judge): SyncPolicy {
  const { name, onViolation, always = false } = judge;
  return {
    name,
    onViolation,
    judge: async (context) => findingsOf(judge, await mapsOf(context, `the policy ${name}`, always)),
  };
}

function findingsOf(judge: Judge, maps: PolicyMaps): PolicyFinding[] {
  const { where, kinds, inhabitants = 0 } = judge;
  const { network, context } = maps;
  const isState = judge.always === true || context.isState;
  const area = where && spotsOf(judge.name, where, network);
  const asked = cellsOf(judge.name, kinds, network);
  const isJudged = (spot: number) =>
    (area?.has(spot) ?? true) && (network.spots.at(spot).inhabitants ?? Number.POSITIVE_INFINITY) >= inhabitants;
  const places: BrokenPlaces[] = [];
  for (const spotClass of maps.classes(isState)) {
    const spots = spotClass.spots.filter(isJudged);
    if (spots.length === 0) continue;
    const [before, after] = [maps.counts("before", spotClass), maps.counts("after", spotClass)];
    const cells = intersection(judge.broken(maps, spotClass, before, after, isState), asked);
    if (!isEmpty(cells)) places.push({ spotClass, spots, cells });
  }
  const isTooMuch = places.length > 0 && (judge.isTooMuch?.(maps, places) ?? true);
  return isTooMuch ? [findingOf(judge, maps, places, isState)] : [];
}

function findingOf(judge: Judge, maps: PolicyMaps, places: readonly BrokenPlaces[], isState: boolean): PolicyFinding {
  const { network, context } = maps;
  const spots = [...new Set(places.flatMap((place) => place.spots))].map((spot) => network.spots.at(spot));
  const known = spots.flatMap(({ inhabitants }) => inhabitants ?? []);
  const changes = changesBehind(judge, maps, places);
  const causes: PolicyCause[] = [];
  for (const [change, postcodes] of changes.slice(0, MOST_CAUSES)) {
    causes.push(causeOf(change, postcodes));
  }
  const placeless = maps.members.filter(({ after, member }) => after && lacksPlace(member, network.assumptions));
  return policyFinding({
    policy: judge.name,
    problem: judge.problem,
    ...judge.limits,
    groups: judge.groupsIn?.(maps, places),
    isState: isState && (context.isState || causes.length === 0),
    zipCodes: spots.flatMap(({ zipCode }) => zipCode ?? []),
    places: spots.length,
    inhabitants: known.length === 0 ? undefined : known.reduce((sum, own) => sum + own, 0),
    country: new Set(spots.map(({ country }) => country)).size === 1 ? spots[0]?.country : undefined,
    counties: countiesOf(
      network,
      spots.map(({ country, counties }) => [country, counties?.[0]] as const),
    ),
    kinds: kindsOf(maps, judge.kinds, places),
    users: causes.length > 0 ? [] : usersIn(maps, places),
    causes,
    causeCount: changes.length,
    assumptions: dependsOn(network),
    withoutPlace: placeless.map(({ accountNumber }) => showIdentity(accountNumber)),
  });
}

// Returns names of counties, those with the most places first. A place without a county is named by its country.
function countiesOf(
  { universe }: Network,
  places: readonly (readonly [country: string, county: string | undefined])[],
): string[] {
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  for (const [country, county] of places) {
    const name = getOrMake(names, JSON.stringify([country, county]), () => {
      const details = universe.countries.find(({ code }) => code === country);
      return details?.counties.find(({ number }) => number === county)?.label ?? county ?? details?.label ?? country;
    });
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

// Returns labels or codes. If all codes of a kind occur, the kind is left out, unless the policy names it.
function kindsOf(
  { network: { cells }, context: { labels = {} } }: PolicyMaps,
  asked: Dimensions = {},
  places: readonly BrokenPlaces[],
): string[] {
  const all = cells.mask();
  for (const place of places) addTo(all, place.cells);
  const occurring = new Map<string, Set<string>>();
  for (const dimensions of cells.boxes(all)) {
    for (const { codes } of AXES) {
      const set = occurring.get(codes) ?? new Set<string>();
      for (const code of dimensions[codes] ?? cells.codes[codes]) set.add(code);
      occurring.set(codes, set);
    }
  }
  return AXES.flatMap(({ codes }) => {
    const found = occurring.get(codes) ?? new Set();
    const isAll = found.size === cells.codes[codes].length && !asked[codes];
    return isAll ? [] : [...found].map((code) => labels[code] ?? code);
  });
}

const MOST_CAUSES = 50;

// Returns the changes that cause a finding, each with the number of places that it breaks, the most first.
function changesBehind(
  { isAboutGains }: Judge,
  maps: PolicyMaps,
  places: readonly BrokenPlaces[],
): [PolicyChange, number][] {
  const { network } = maps;
  const broken = brokenBySpot(maps, places);
  // For each place: the last user examined below who reaches the place on the other side of the plan, too.
  const keptBy = new Int32Array(network.spots.all.length).fill(-1);
  const found: [PolicyChange, number][] = [];
  const fromSide: Side = isAboutGains ? "after" : "before";
  for (const from of maps.members) {
    const { change, index, mask } = from;
    if (!change || !from[fromSide]) continue;
    const to = maps.otherState(from);
    for (const spot of to?.reach.spots ?? []) keptBy[spot] = index;
    let postcodes = 0;
    for (const spot of from.reach.spots) {
      if (meetsAt(mask, broken, spot, keptBy[spot] === index ? to?.mask : undefined)) postcodes += 1;
    }
    if (postcodes > 0) found.push([change, postcodes]);
  }
  return found.sort(([, a], [, b]) => b - a);
}

// One array holds the broken cells of all places: every user of a plan is compared with it.
function brokenBySpot({ network: { cells, spots: all } }: PolicyMaps, places: readonly BrokenPlaces[]): Mask {
  const broken = new Uint32Array(all.all.length * cells.words);
  for (const { spots, cells: own } of places) {
    for (const spot of spots) addTo(broken.subarray(spot * cells.words, (spot + 1) * cells.words), own);
  }
  return broken;
}

function meetsAt(mask: Mask, broken: Mask, spot: number, apartFrom: Mask | undefined): boolean {
  const start = spot * mask.length;
  for (let word = 0; word < mask.length; word += 1) {
    if (((mask[word] ?? 0) & (broken[start + word] ?? 0) & ~(apartFrom?.[word] ?? 0)) !== 0) return true;
  }
  return false;
}

function causeOf(change: PolicyChange, postcodes: number): PolicyCause {
  return { accountNumber: showIdentity(change.accountNumber), effects: effectsOf(change), postcodes };
}

function effectsOf({ before, after }: PolicyChange): PolicyCause["effects"][number][] {
  if (!before) return [{ kind: "new" }];
  if (!before.counts && after.counts) return [{ kind: "returned" }];
  if (before.counts !== after.counts) return [{ kind: "left" }];
  if (before.receives !== after.receives) return [{ kind: after.receives ? "leads_began" : "leads_ended" }];
  const [from, to] = [before.user.address, after.user.address];
  const isMoved = from?.zipCode !== to?.zipCode || from?.country?.code !== to?.country?.code;
  const rules = ruleNames.filter((name) => {
    const isUnknown = (user: typeof before) => user.unknown.includes(name);
    return (
      isUnknown(before) !== isUnknown(after) ||
      JSON.stringify(before.rules?.[name]) !== JSON.stringify(after.rules?.[name])
    );
  });
  return [
    ...(isMoved ? [{ kind: "moved" } as const] : []),
    ...rules.map((rule): PolicyCause["effects"][number] => {
      const [was, is] = [radiusOf(before.rules?.[rule]), radiusOf(after.rules?.[rule])];
      return rule === "maxDistance" && was !== undefined && is !== undefined
        ? { kind: "radius", from: was, to: is }
        : { kind: "rule", rule };
    }),
  ];
}

function radiusOf(body: unknown): number | undefined {
  const radius = Object(body).maxDistance ?? body;
  return typeof radius === "number" ? radius : undefined;
}

function usersIn(maps: PolicyMaps, places: readonly BrokenPlaces[]): string[] {
  const broken = brokenBySpot(maps, places);
  const users = new Set<string>();
  for (const { after, accountNumber, mask, reach } of maps.members) {
    const isConcerned = (spot: number) => meetsAt(mask, broken, spot, undefined);
    if (after && reach.spots.some(isConcerned)) users.add(showIdentity(accountNumber));
  }
  return [...users];
}

interface Changed extends Pick<AreaChange, "kind" | "country" | "county"> {
  readonly places: BrokenPlaces[];
}

/**
 * The areas in which a plan gives some leads their first user, or takes their last one, county by county: for {@link
 * PolicyCoverage.areas}. Lost areas come first, those with the most inhabitants before the others.
 *
 * @throws {@link OpleadError} `invalid_input` for anything but what `judge` of a policy is given.
 *
 * @example
 * ```ts
 * const coverage = { universe, locate, areas: areaChanges };
 * ```
 * @experimental
 */
export async function areaChanges(context: PolicyContext): Promise<readonly AreaChange[]> {
  const maps = await mapsOf(context, "areaChanges", false);
  const { network } = maps;
  const found = new Map<string, Changed>();
  for (const spotClass of maps.classes(false)) {
    const had = maps.counts("before", spotClass).moreThan(0);
    const has = maps.counts("after", spotClass).moreThan(0);
    const changes = [
      { kind: "lost", cells: without(had, has) },
      { kind: "gained", cells: without(has, had) },
    ] as const;
    for (const { kind, cells } of changes) {
      if (isEmpty(cells)) continue;
      const byCounty = new Map<string, number[]>();
      for (const spot of spotClass.spots) {
        const { country, counties } = network.spots.at(spot);
        const county = counties?.[0];
        const key = JSON.stringify([kind, country, county]);
        getOrMake(found, key, () => ({ kind, country, county, places: [] }));
        getOrMake(byCounty, key, () => []).push(spot);
      }
      for (const [key, spots] of byCounty) found.get(key)?.places.push({ spotClass, spots, cells });
    }
  }
  const areas: AreaChange[] = [];
  for (const changed of found.values()) {
    areas.push(told(changed, maps));
  }
  const rank = ({ kind }: AreaChange) => Number(kind !== "lost");
  return areas.sort((a, b) => rank(a) - rank(b) || (b.inhabitants ?? 0) - (a.inhabitants ?? 0));
}

function told({ kind, country, county, places }: Changed, maps: PolicyMaps): AreaChange {
  const { spots, geography, universe } = maps.network;
  const all = places.flatMap((place) => place.spots).map((spot) => spots.at(spot));
  const known = all.flatMap(({ inhabitants }) => inhabitants ?? []);
  const ofCountry = universe.countries.find(({ code }) => code === country)?.label;
  return {
    kind,
    country,
    county,
    name: county === undefined ? (ofCountry ?? country) : geography.countyName(country, county),
    zipCodes: all.flatMap(({ zipCode }) => zipCode ?? []),
    places: all.length,
    inhabitants: known.length === 0 ? undefined : known.reduce((sum, own) => sum + own, 0),
    kinds: kindsOf(maps, undefined, places),
  };
}
