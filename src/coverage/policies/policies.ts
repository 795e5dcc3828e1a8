import * as z from "../../core/zod.ts";
/*
 * The three policies of the package, and the groups of users that `exclusive` compares.
 */

import {
  boolean,
  func,
  number,
  type OptionalKinds,
  oneOf,
  options,
  optionsCheck,
  report,
  type Schema,
  text,
  wholeNumber,
} from "../../core/validate.ts";
import { getOrMake } from "../../core/values.ts";
import { tellCoverageOption } from "../../locales/en/coverage.ts";
import { addTo, isEmpty, type Mask, meets, without } from "../masks.ts";
import type { SpotClass } from "../reach.ts";
import { codes, listsOfCodes } from "../read-input.ts";
import type { Dimensions, PolicyUser, SyncPolicy } from "../types.ts";
import type { PolicyArea } from "./area.ts";
import type { PolicyMaps, Side } from "./maps.ts";
import { type Broken, type BrokenPlaces, type PolicyOptions, policyOf } from "./violations.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const shared = (): OptionalKinds<PolicyOptions> => ({ name: text(), onViolation: oneOf("refuse", "warn") });
const area = (): Schema =>
  options<PolicyArea>({ counties: codes(), zipCodes: codes() }, { country: text() }, tellCoverageOption("not_area"));
const dimensions = (): Schema => options<Dimensions>(listsOfCodes());
const judged = () => ({ ...shared(), always: boolean() });

/** Options of {@link requireCoverage}. */
export interface RequireCoverageOptions extends PolicyOptions {
  /** The area that is judged: a country, or some of its counties and postcodes. */
  readonly where: PolicyArea;
  /** The leads that are judged. If a list is left out, all codes of its kind are meant. */
  readonly for?: Dimensions | undefined;
  /** How many users must certainly be eligible for each kind of lead in each postcode. */
  readonly atLeast: number;
  /**
   * Postcodes with fewer inhabitants are not judged. A postcode whose inhabitants are not known is judged. Default 0.
   */
  readonly inhabitants?: number | undefined;
  /**
   * If true, the policy judges the state after the plan, also in places that the plan does not change. Default false:
   * judges only the places that the plan makes worse.
   */
  readonly always?: boolean | undefined;
}

const checkRequireCoverage = /* @__PURE__ */ optionsCheck<RequireCoverageOptions>("requireCoverage", () =>
  options(
    { ...judged(), for: dimensions(), inhabitants: number(0, MOST) },
    { where: area(), atLeast: wholeNumber(1, 1_000) },
  ),
);

/**
 * A policy: every postcode of an area has enough users who are certainly eligible. By default it refuses a plan after
 * which a lead has fewer users than before and fewer than `atLeast`, even with all uncertain users counted. With
 * `always` it refuses every plan after which a lead has fewer than `atLeast` certain users.
 *
 * @throws {@link OpleadError} `invalid_options`; when it judges, also for a county, postcode or code that the universe
 * does not have.
 * @example
 * ```ts
 * const policies = [requireCoverage({ where: { country: "FR", counties: ["29"] }, atLeast: 1 })];
 * ```
 * @experimental
 */
export function requireCoverage(options: RequireCoverageOptions): SyncPolicy {
  checkRequireCoverage(options);
  const { where, for: kinds, atLeast, name = named("requireCoverage", where) } = options;
  return policyOf({
    name,
    onViolation: options.onViolation,
    where,
    kinds,
    inhabitants: options.inhabitants,
    always: options.always,
    problem: "uncovered",
    limits: { limit: atLeast },
    isAboutGains: false,
    broken: ({ network: { cells } }, _class, before, after, isState) => {
      const enough = after.certain.moreThan(atLeast - 1);
      if (isState) return both(without(cells.all(), enough));
      const lost = without(before.certain.moreThan(after.possible), after.possible.moreThan(atLeast - 1));
      return { certain: lost, uncertain: without(before.certain.moreThan(after.certain), enough) };
    },
  });
}

/** Options of {@link exclusive}. */
export interface ExclusiveOptions extends PolicyOptions {
  /** The area that is judged: a country, or some of its counties and postcodes. */
  readonly where: PolicyArea;
  /** The group of a user, for example its dealer. Undefined: the user may share leads with every user. */
  readonly group: (user: PolicyUser) => string | undefined;
  /**
   * If true, judges the state after the plan. Default false: a lead that different groups already shared before the
   * plan is no violation.
   */
  readonly always?: boolean | undefined;
}

const checkExclusive = /* @__PURE__ */ optionsCheck<ExclusiveOptions>("exclusive", () =>
  options(judged(), { where: area(), group: func() }),
);

/**
 * A policy: no lead of an area reaches users of different groups, such as two dealers with exclusive territories. It
 * refuses a plan if two groups certainly share a lead after the plan and did not share it before.
 *
 * @throws {@link OpleadError} `invalid_options`.
 * @example
 * ```ts
 * const policies = [exclusive({ where: { country: "FR" }, group: ({ segment }) => segment })];
 * ```
 * @experimental
 */
export function exclusive(options: ExclusiveOptions): SyncPolicy {
  checkExclusive(options);
  const { where, group, name = named("exclusive", where), onViolation, always } = options;
  const groups = new WeakMap<PolicyUser, { readonly group: string | undefined }>();
  const groupOf = (user: PolicyUser) => getOrMake(groups, user, () => ({ group: group(user) })).group;
  const known = new WeakMap<PolicyMaps, Groups>();
  const groupsOf = (maps: PolicyMaps) => getOrMake(known, maps, () => new Groups(maps, groupOf));
  return policyOf({
    name,
    onViolation,
    where,
    always,
    problem: "shared",
    limits: {},
    isAboutGains: true,
    broken: (maps, spotClass, _before, _after, isState) => {
      const is = groupsOf(maps).shared(spotClass, "after");
      if (isState) return is;
      const was = groupsOf(maps).shared(spotClass, "before");
      // A cell is a kind of lead. If several groups perhaps shared a cell before the plan, the cell breaks the policy
      // only if several groups certainly share it after the plan.
      return { certain: without(is.certain, was.certain), uncertain: without(is.uncertain, was.uncertain) };
    },
    groupsIn: (maps, places) => groupsOf(maps).namesIn(places),
  });
}

/** Options of {@link maxLost}. At least one of the limits must be given. */
export interface MaxLostOptions extends PolicyOptions {
  /** How many people may live in postcodes that lose their last user. Unknown inhabitants count as 0. Default: no limit. */
  readonly inhabitants?: number | undefined;
  /** How many postcodes may lose their last user. Default: no limit. */
  readonly postcodes?: number | undefined;
  /** The share of covered postcodes that may lose their last user, 0 to 1. Default: no limit. */
  readonly share?: number | undefined;
}

const checkMaxLost = /* @__PURE__ */ optionsCheck<MaxLostOptions>("maxLost", () =>
  z.checked(
    options<MaxLostOptions>({
      ...shared(),
      inhabitants: number(0, MOST),
      postcodes: number(0, MOST),
      share: number(0, 1),
    }),
    (payload) => {
      const { inhabitants, postcodes, share } = Object(payload.value) as Readonly<Record<string, unknown>>;
      if ([inhabitants, postcodes, share].every((limit) => limit === undefined))
        report(payload, tellCoverageOption("no_limit"));
    },
  ),
);

/**
 * A policy: how much coverage a single plan may take away. A postcode is lost if some kind of lead had a user who was
 * certainly eligible, and can have no user after the plan.
 *
 * @throws {@link OpleadError} `invalid_options`.
 * @experimental
 */
export function maxLost(options: MaxLostOptions): SyncPolicy {
  checkMaxLost(options);
  const { inhabitants, postcodes, share, name = "maxLost", onViolation } = options;
  return policyOf({
    name,
    onViolation,
    problem: "lost",
    limits: {
      most: Object.fromEntries(
        Object.entries({ inhabitants, postcodes, share }).filter(([, most]) => most !== undefined),
      ),
    },
    isAboutGains: false,
    broken: ({ network: { cells }, context }, _class, before, after) => {
      if (context.isState) return both(cells.mask());
      const had = before.certain.moreThan(0);
      return { certain: without(had, after.possible.moreThan(0)), uncertain: without(had, after.certain.moreThan(0)) };
    },
    isAboutAll: share !== undefined,
    isTooMuch: (maps, places) => {
      const { spots } = maps.network;
      const lost = [...new Set(places.flatMap((place) => place.spots))];
      const people = lost.reduce((sum, spot) => sum + (spots.at(spot).inhabitants ?? 0), 0);
      return (
        (postcodes !== undefined && lost.length > postcodes) ||
        (inhabitants !== undefined && people > inhabitants) ||
        (share !== undefined && lost.length / coveredBefore(maps) > share)
      );
    },
  });
}

const covered = new WeakMap<PolicyMaps, number>();

/** How many places had a user for at least one kind of lead before the plan. */
function coveredBefore(maps: PolicyMaps): number {
  return getOrMake(covered, maps, () => {
    let places = 0;
    for (const spotClass of maps.network.classes) {
      if (!isEmpty(maps.counts("before", spotClass).certain.moreThan(0))) places += spotClass.spots.length;
    }
    return places;
  });
}

/**
 * The result for kinds of leads (cells) that certainly break the policy. Both masks hold these kinds, because
 * `uncertain` holds all kinds that certainly or perhaps break the policy.
 */
function both(cells: Mask): Broken {
  return { certain: cells, uncertain: cells };
}

function named(kind: string, { country, counties = [], zipCodes = [] }: PolicyArea): string {
  const parts = [...counties, ...zipCodes];
  const shown = parts.length > 3 ? [...parts.slice(0, 3), "…"] : parts;
  return `${kind} ${[country, ...shown].join(" ")}`;
}

/**
 * For each reach, which groups its users belong to, and which cells each group covers, before the plan or after it. A
 * group is a row of 32-bit words: its number, a mask of the cells that it certainly covers, and a mask of those that it
 * certainly or perhaps covers. All rows are in one array, because hundreds of rows are read for every class.
 */
interface ReachGroups {
  readonly rows: Uint32Array;
  /**
   * Indexed by the number of a reach (a set of places that the area rules of some users admit): the index in `rows` at
   * which the rows of this reach end; 0 if its rows are not filled in yet.
   */
  readonly ends: Int32Array;
  isSure: boolean;
}

/** The groups that a plan's users belong to, and the kinds of leads that several groups cover. */
class Groups {
  readonly #maps: PolicyMaps;
  readonly #groupOf: (user: PolicyUser) => string | undefined;
  readonly #numbers = new Map<string, number>();
  readonly #ofReach: Record<Side, ReachGroups>;
  readonly #stride: number;
  /**
   * Indexed by group number: the kinds of leads that the group covers in the class of places that is being examined.
   * Cleared after each class.
   */
  readonly #covered: Mask[] = [];

  constructor(maps: PolicyMaps, groupOf: (user: PolicyUser) => string | undefined) {
    this.#maps = maps;
    this.#groupOf = groupOf;
    this.#stride = 1 + 2 * maps.network.cells.words;
    const none = (): ReachGroups => {
      const rows = new Uint32Array(maps.members.length * this.#stride);
      return { rows, ends: new Int32Array(maps.firstIn.length), isSure: true };
    };
    this.#ofReach = { before: none(), after: none() };
  }

  /**
   * The kinds of leads that users of at least two groups cover in a class of places, before or after the plan (`side`).
   */
  shared({ pass, uncertain }: SpotClass, side: Side): Broken {
    const { cells } = this.#maps.network;
    const { words } = cells;
    const { rows } = this.#ofReach[side];
    const [shared, covered] = [cells.mask(), cells.mask()];
    const touched: Mask[] = [];
    const add = (reaches: Int32Array, field: number): void => {
      for (const reach of reaches) {
        const end = this.#endOf(side, reach);
        for (let row = this.#startOf(reach); row < end; row += this.#stride) {
          for (let word = 0; word < words; word += 1) {
            const open = (rows[row + field + word] ?? 0) & ~(shared[word] ?? 0);
            if (open === 0) continue;
            const own = this.#coveredBy(rows[row] ?? 0);
            touched.push(own);
            // A row holds the cells (kinds of leads) that one group covers. `open`: the cells that this group covers
            // and that are not yet known to be shared. At most one group has covered each of these cells so far. If
            // that was a different group, two groups share the cell.
            shared[word] = (shared[word] ?? 0) | (open & (covered[word] ?? 0) & ~(own[word] ?? 0));
            own[word] = (own[word] ?? 0) | open;
            covered[word] = (covered[word] ?? 0) | open;
          }
        }
      }
    };
    add(pass, 1);
    const certain = shared.slice();
    if (!this.#ofReach[side].isSure) add(pass, 1 + words);
    add(uncertain, 1 + words);
    for (const own of touched) own.fill(0);
    return { certain, uncertain: shared };
  }

  /**
   * The names of the groups that, after the plan, certainly or perhaps cover a kind of lead that breaks the policy in
   * these places.
   */
  namesIn(places: readonly BrokenPlaces[]): string[] {
    const found = new Set<number>();
    const { rows } = this.#ofReach.after;
    const { words } = this.#maps.network.cells;
    for (const { spotClass, cells } of places) {
      for (const reaches of [spotClass.pass, spotClass.uncertain]) {
        for (const reach of reaches) {
          const end = this.#endOf("after", reach);
          for (let row = this.#startOf(reach); row < end; row += this.#stride) {
            const number = rows[row] ?? 0;
            if (!found.has(number) && meets(cells, rows.subarray(row + 1 + words, row + this.#stride)))
              found.add(number);
          }
        }
      }
    }
    return [...this.#numbers].flatMap(([name, number]) => (found.has(number) ? [name] : [])).sort();
  }

  #coveredBy(group: number): Mask {
    const known = this.#covered[group];
    if (known) return known;
    const made = this.#maps.network.cells.mask();
    this.#covered[group] = made;
    return made;
  }

  #startOf(reach: number): number {
    return (this.#maps.firstIn[reach] ?? 0) * this.#stride;
  }

  #endOf(side: Side, reach: number): number {
    return this.#ofReach[side].ends[reach] || this.#fill(side, reach);
  }

  #fill(side: Side, reach: number): number {
    const groups = this.#ofReach[side];
    const { words } = this.#maps.network.cells;
    const rowOf = new Map<number, number>();
    let end = this.#startOf(reach);
    for (const { state, masks, [side]: counts } of this.#maps.membersIn(reach)) {
      const group = counts === false ? undefined : this.#groupOf(state);
      if (group === undefined) continue;
      const number = getOrMake(this.#numbers, group, () => this.#numbers.size);
      let row = rowOf.get(number);
      if (row === undefined) {
        row = end;
        rowOf.set(number, row);
        groups.rows[row] = number;
        end += this.#stride;
      }
      if (counts === true) addTo(groups.rows.subarray(row + 1, row + 1 + words), masks.pass);
      addTo(groups.rows.subarray(row + 1 + words, row + this.#stride), masks.possible);
      if (counts !== true || masks.pass !== masks.possible) groups.isSure = false;
    }
    groups.ends[reach] = end;
    return end;
  }
}
