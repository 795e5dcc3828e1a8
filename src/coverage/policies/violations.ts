/*
 * How a policy judges a plan: the places that break it, the changes that cause it, and the finding; and the areas that
 * a plan changes.
 */

import { showIdentity } from "../../core/redact.ts";
import { getOrMake } from "../../core/values.ts";
import type { PolicyCause, PolicyFacts } from "../../locales/en/findings.ts";
import { ruleNames } from "../../rules/rules.ts";
import { dependsOn } from "../assumptions.ts";
import { addTo, intersection, isEmpty, type Mask, without } from "../masks.ts";
import type { Network } from "../network.ts";
import type { SpotClass } from "../reach.ts";
import { AXES } from "../rules/rules.ts";
import type { AreaChange, Dimensions, PolicyChange, PolicyContext, PolicyFinding, SyncPolicy } from "../types.ts";
import { cellsOf, type PolicyArea, policyFinding, spotsOf } from "./area.ts";
import { type Counts, mapsOf, type PolicyMaps, type Side } from "./maps.ts";

/** Options of every policy. */
export interface PolicyOptions {
  /** The name of the policy in findings. Default: its kind and its area. */
  readonly name?: string | undefined;
  /**
   * `"refuse"`: a plan that breaks the policy is refused; `"warn"`: breaking it gives only a warning. Default
   * `"refuse"`.
   */
  readonly onViolation?: "refuse" | "warn" | undefined;
}

/**
 * The kinds of leads that break a policy in a place. `certain`: they certainly break it. `uncertain`: they certainly or
 * perhaps break it.
 */
export interface Broken {
  readonly certain: Mask;
  readonly uncertain: Mask;
}

/** A policy of the package: its options, and how it judges. */
interface Judge extends PolicyOptions {
  readonly name: string;
  readonly problem: PolicyFacts["problem"];
  readonly where?: PolicyArea | undefined;
  readonly kinds?: Dimensions | undefined;
  readonly always?: boolean | undefined;
  /** Postcodes with fewer inhabitants are not judged. */
  readonly inhabitants?: number | undefined;
  readonly limits: Pick<PolicyFacts, "limit" | "most">;
  /** Whether users that the plan adds can break the policy. If false, users that the plan takes away can break it. */
  readonly isAboutGains: boolean;
  broken(maps: PolicyMaps, spotClass: SpotClass, before: Counts, after: Counts, isState: boolean): Broken;
  /** Whether the policy needs all places, and not only the places that changes affect. */
  readonly isAboutAll?: boolean | undefined;
  /**
   * Whether the places in which the policy is broken together exceed its limit. If this function is left out, one such
   * place is a violation.
   */
  isTooMuch?(maps: PolicyMaps, places: readonly BrokenPlaces[]): boolean;
  /**
   * Only for a policy about groups: returns the names of the groups to which the users in the places with a violation
   * belong.
   */
  groupsIn?(maps: PolicyMaps, places: readonly BrokenPlaces[]): string[];
}

/** Places of one class (places that the same users reach), with the kinds of leads that break a policy there. */
export interface BrokenPlaces {
  readonly spotClass: SpotClass;
  readonly spots: readonly number[];
  readonly cells: Mask;
}

/** Makes a policy that judges one class of places after the other. */
export function policyOf(judge: Judge): SyncPolicy {
  const { name, onViolation, always = false, isAboutAll = always } = judge;
  return {
    name,
    onViolation,
    judge: async (context) => findingsOf(judge, await mapsOf(context, `the policy ${name}`, isAboutAll)),
  };
}

function findingsOf(judge: Judge, maps: PolicyMaps): PolicyFinding[] {
  const { where, kinds, inhabitants = 0 } = judge;
  const { network, context } = maps;
  const isState = judge.always === true || context.isState;
  const area = where && spotsOf(judge.name, where, network);
  const cells = cellsOf(judge.name, kinds, network);
  const isJudged = (spot: number) =>
    (area?.has(spot) ?? true) && (network.spots.at(spot).inhabitants ?? Number.POSITIVE_INFINITY) >= inhabitants;
  const found = { certain: [] as BrokenPlaces[], uncertain: [] as BrokenPlaces[] };
  for (const spotClass of maps.classes(isState)) {
    const spots = spotClass.spots.filter(isJudged);
    if (spots.length === 0) continue;
    const [before, after] = [maps.counts("before", spotClass), maps.counts("after", spotClass)];
    const broken = judge.broken(maps, spotClass, before, after, isState);
    const certain = intersection(broken.certain, cells);
    const uncertain = without(intersection(broken.uncertain, cells), certain);
    if (!isEmpty(certain)) found.certain.push({ spotClass, spots, cells: certain });
    if (!isEmpty(uncertain)) found.uncertain.push({ spotClass, spots, cells: uncertain });
  }
  const findings: PolicyFinding[] = [];
  const isTooMuch = (places: readonly BrokenPlaces[]) => places.length > 0 && (judge.isTooMuch?.(maps, places) ?? true);
  const isRefused = isTooMuch(found.certain);
  if (isRefused) findings.push(findingOf(judge, maps, found.certain, true, isState));
  // The places that certainly break the policy may stay within its limit, although together with the uncertain places
  // they exceed it.
  const perhaps = isRefused ? found.uncertain : [...found.certain, ...found.uncertain];
  const isTold = isRefused && judge.isTooMuch !== undefined;
  if (found.uncertain.length > 0 && !isTold && isTooMuch(perhaps)) {
    findings.push(findingOf(judge, maps, perhaps, false, isState));
  }
  return findings;
}

function findingOf(
  judge: Judge,
  maps: PolicyMaps,
  places: readonly BrokenPlaces[],
  certain: boolean,
  isState: boolean,
): PolicyFinding {
  const { network, context } = maps;
  const spots = [...new Set(places.flatMap((place) => place.spots))].map((spot) => network.spots.at(spot));
  const known = spots.flatMap(({ inhabitants }) => inhabitants ?? []);
  const changes = changesBehind(judge, maps, places);
  const causes: PolicyCause[] = [];
  for (const [change, postcodes] of changes.slice(0, MOST_CAUSES)) {
    causes.push(causeOf(change, postcodes));
  }
  const members = network.users.map(({ member }) => member);
  const features = {
    hasRequestTypes: network.cells.codes.requestTypes.length > 0,
    hasZipInTwoCounties: spots.some(({ counties }) => (counties?.length ?? 0) > 1),
    leavesCodesOut: network.leavesCodesOut,
  };
  const concerned = causes.length > 0 ? [] : usersIn(maps, places);
  const groups = judge.groupsIn?.(maps, places);
  return policyFinding({
    policy: judge.name,
    problem: judge.problem,
    ...judge.limits,
    groups,
    certain,
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
    users: concerned,
    causes,
    causeCount: changes.length,
    assumptions: certain ? [] : dependsOn(members, features, network.assumptions),
    unknown: certain
      ? 0
      : [...context.unchanged, ...context.changes.flatMap(({ before }) => before ?? [])].filter(
          ({ unknown }) => unknown.length > 0,
        ).length,
  });
}

/**
 * The names of the counties in which places lie, the county with the most places first. A place without a county is
 * named by its country.
 */
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

/**
 * The labels or codes of the leads that break the policy in these places. If all codes of a kind occur, for example all
 * ranges, the kind is left out, unless the policy names it.
 */
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

/** The maximum number of changes that a finding lists. */
const MOST_CAUSES = 50;

/**
 * The changes that break a policy, each with the number of places in which it breaks the policy. The change with the
 * most places comes first.
 */
function changesBehind(
  { isAboutGains }: Judge,
  maps: PolicyMaps,
  places: readonly BrokenPlaces[],
): [PolicyChange, number][] {
  const { network } = maps;
  const broken = brokenBySpot(maps, places);
  /**
   * Indexed by the number of a place. The loop below examines one changed user after the other. For each place that the
   * user certainly reaches in its state `toSide` (before or after the plan), the loop stores the index of the user.
   */
  const keptBy = new Int32Array(network.spots.all.length).fill(-1);
  const found: [PolicyChange, number][] = [];
  const [fromSide, toSide]: [Side, Side] = isAboutGains ? ["after", "before"] : ["before", "after"];
  for (const from of maps.members) {
    const { change, index, masks } = from;
    if (!change || from[fromSide] === false) continue;
    const to = maps.otherState(from);
    if (to?.[toSide] === true) for (const spot of to.reach.pass) keptBy[spot] = index;
    let postcodes = 0;
    for (const spots of [from.reach.pass, from.reach.uncertain]) {
      for (const spot of spots) {
        if (meetsAt(masks.possible, broken, spot, keptBy[spot] === index ? to?.masks.pass : undefined)) postcodes += 1;
      }
    }
    if (postcodes > 0) found.push([change, postcodes]);
  }
  return found.sort(([, a], [, b]) => b - a);
}

/**
 * For each place, the kinds of leads that break the policy there. They are in one array, which is fast to read, because
 * every user of a plan is compared with them.
 */
function brokenBySpot({ network: { cells, spots: all } }: PolicyMaps, places: readonly BrokenPlaces[]): Mask {
  const broken = new Uint32Array(all.all.length * cells.words);
  for (const { spots, cells: own } of places) {
    for (const spot of spots) addTo(broken.subarray(spot * cells.words, (spot + 1) * cells.words), own);
  }
  return broken;
}

/**
 * Whether `mask` and `broken` have a kind of lead in common in the place `spot`. The kinds of leads in `apartFrom` do
 * not count.
 */
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
  if (before.counts === false && after.counts !== false) return [{ kind: "returned" }];
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

/** The users that cover broken places. A finding names them if no change causes the violation. */
function usersIn(maps: PolicyMaps, places: readonly BrokenPlaces[]): string[] {
  const broken = brokenBySpot(maps, places);
  const users = new Set<string>();
  for (const { after, accountNumber, masks, reach } of maps.members) {
    const isConcerned = (spot: number) => meetsAt(masks.possible, broken, spot, undefined);
    if (after !== false && (reach.pass.some(isConcerned) || reach.uncertain.some(isConcerned))) {
      users.add(showIdentity(accountNumber));
    }
  }
  return [...users];
}

/** Places of one county in which a plan makes the same kind of change. */
interface Changed extends Pick<AreaChange, "kind" | "certain" | "country" | "county"> {
  readonly places: BrokenPlaces[];
}

/**
 * Lists, county by county, the areas that a plan gives a user for some leads, and the areas that lose their last user
 * for some leads. Set {@link PolicyCoverage.areas} to this function: then the plan contains these areas, and its page
 * shows them. An area change that depends on an uncertain verdict is marked as not certain. Lost areas come first,
 * those with the most inhabitants before the others.
 *
 * @throws {@link OpleadError} `invalid_input` for anything but the context that `judge` of a policy is given.
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
    const [before, after] = [maps.counts("before", spotClass), maps.counts("after", spotClass)];
    const [had, has] = [before.certain.moreThan(0), after.certain.moreThan(0)];
    const [lost, gained] = [without(had, has), without(has, had)];
    const [surelyLost, surelyGained] = [
      without(lost, after.possible.moreThan(0)),
      without(gained, before.possible.moreThan(0)),
    ];
    const changes = [
      { kind: "lost", certain: true, cells: surelyLost },
      { kind: "lost", certain: false, cells: without(lost, surelyLost) },
      { kind: "gained", certain: true, cells: surelyGained },
      { kind: "gained", certain: false, cells: without(gained, surelyGained) },
    ] as const;
    for (const { kind, certain, cells } of changes) {
      if (isEmpty(cells)) continue;
      const byCounty = new Map<string, number[]>();
      for (const spot of spotClass.spots) {
        const { country, counties } = network.spots.at(spot);
        const county = counties?.[0];
        const key = JSON.stringify([kind, certain, country, county]);
        getOrMake(found, key, () => ({ kind, certain, country, county, places: [] }));
        getOrMake(byCounty, key, () => []).push(spot);
      }
      for (const [key, spots] of byCounty) found.get(key)?.places.push({ spotClass, spots, cells });
    }
  }
  const areas: AreaChange[] = [];
  for (const changed of found.values()) {
    areas.push(told(changed, maps));
  }
  const rank = ({ kind, certain }: AreaChange) => (kind === "lost" ? 0 : 2) + (certain ? 0 : 1);
  return areas.sort((a, b) => rank(a) - rank(b) || (b.inhabitants ?? 0) - (a.inhabitants ?? 0));
}

function told({ kind, certain, country, county, places }: Changed, maps: PolicyMaps): AreaChange {
  const { spots, geography, universe } = maps.network;
  const all = places.flatMap((place) => place.spots).map((spot) => spots.at(spot));
  const known = all.flatMap(({ inhabitants }) => inhabitants ?? []);
  const ofCountry = universe.countries.find(({ code }) => code === country)?.label;
  return {
    kind,
    certain,
    country,
    county,
    name: county === undefined ? (ofCountry ?? country) : geography.countyName(country, county),
    zipCodes: all.flatMap(({ zipCode }) => zipCode ?? []),
    places: all.length,
    inhabitants: known.length === 0 ? undefined : known.reduce((sum, own) => sum + own, 0),
    kinds: kindsOf(maps, undefined, places),
  };
}
