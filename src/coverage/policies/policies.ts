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
import * as z from "../../core/zod.ts";
import { tellCoverageOption } from "../../locales/en/coverage.ts";
import { addTo, type Mask, meets, without } from "../masks.ts";
import type { SpotClass } from "../reach.ts";
import { codes, listsOfCodes } from "../read-input.ts";
import type { Dimensions, PolicyUser, SyncPolicy } from "../types.ts";
import type { PolicyArea } from "./area.ts";
import type { PolicyMaps, Side } from "./maps.ts";
import { type BrokenPlaces, type PolicyOptions, policyOf } from "./violations.ts";

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
  /** The leads that are judged. Default: all; a list that you omit means all codes of its kind. */
  readonly for?: Dimensions | undefined;
  /** Eligible users that each kind of lead needs in each postcode. */
  readonly atLeast: number;
  /** Postcodes with fewer inhabitants are not judged; those with unknown inhabitants are. Default 0. */
  readonly inhabitants?: number | undefined;
  /** Also judges places that the plan does not change. Default false: only those that it makes worse. */
  readonly always?: boolean | undefined;
}

const checkRequireCoverage = /* @__PURE__ */ optionsCheck<RequireCoverageOptions>("requireCoverage", () =>
  options(
    { ...judged(), for: dimensions(), inhabitants: number(0, MOST) },
    { where: area(), atLeast: wholeNumber(1, 1_000) },
  ),
);

/**
 * A policy: every postcode of an area has enough eligible users. It refuses a plan after which a lead has fewer users
 * than before and fewer than `atLeast`; with `always`, every plan after which a lead has fewer than `atLeast`.
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
      return without(isState ? cells.all() : before.moreThan(after), after.moreThan(atLeast - 1));
    },
  });
}

/** Options of {@link exclusive}. */
export interface ExclusiveOptions extends PolicyOptions {
  /** The area that is judged: a country, or some of its counties and postcodes. */
  readonly where: PolicyArea;
  /** The group of a user, for example its dealer. Undefined: the user may share leads with every user. */
  readonly group: (user: PolicyUser) => string | undefined;
  /** Judges the state after the plan. Default false: leads that groups shared before are no violation. */
  readonly always?: boolean | undefined;
}

const checkExclusive = /* @__PURE__ */ optionsCheck<ExclusiveOptions>("exclusive", () =>
  options(judged(), { where: area(), group: func() }),
);

/**
 * A policy: no lead of an area reaches users of different groups, such as two dealers with exclusive territories. It
 * refuses a plan after which two groups share a lead that they did not share before.
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
      return isState ? is : without(is, groupsOf(maps).shared(spotClass, "before"));
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
}

const checkMaxLost = /* @__PURE__ */ optionsCheck<MaxLostOptions>("maxLost", () =>
  z.checked(
    options<MaxLostOptions>({
      ...shared(),
      inhabitants: number(0, MOST),
      postcodes: number(0, MOST),
    }),
    (payload) => {
      const { inhabitants, postcodes } = Object(payload.value) as Readonly<Record<string, unknown>>;
      if (inhabitants === undefined && postcodes === undefined) report(payload, tellCoverageOption("no_limit"));
    },
  ),
);

/**
 * A policy: how much coverage a single plan may take away. A postcode is lost if some kind of lead had an eligible
 * user, and has none after the plan.
 *
 * @throws {@link OpleadError} `invalid_options`.
 * @experimental
 */
export function maxLost(options: MaxLostOptions): SyncPolicy {
  checkMaxLost(options);
  const { inhabitants, postcodes, name = "maxLost", onViolation } = options;
  return policyOf({
    name,
    onViolation,
    problem: "lost",
    limits: {
      most: Object.fromEntries(Object.entries({ inhabitants, postcodes }).filter(([, most]) => most !== undefined)),
    },
    isAboutGains: false,
    broken: ({ network: { cells }, context }, _class, before, after) => {
      return context.isState ? cells.mask() : without(before.moreThan(0), after.moreThan(0));
    },
    isTooMuch: (maps, places) => {
      const { spots } = maps.network;
      const lost = [...new Set(places.flatMap((place) => place.spots))];
      const people = lost.reduce((sum, spot) => sum + (spots.at(spot).inhabitants ?? 0), 0);
      return (
        (postcodes !== undefined && lost.length > postcodes) || (inhabitants !== undefined && people > inhabitants)
      );
    },
  });
}

function named(kind: string, { country, counties = [], zipCodes = [] }: PolicyArea): string {
  const parts = [...counties, ...zipCodes];
  const shown = parts.length > 3 ? [...parts.slice(0, 3), "…"] : parts;
  return `${kind} ${[country, ...shown].join(" ")}`;
}

// `rows` has a row for each group of a reach: the number of the group, and a mask of the cells that it covers. One
// array holds all rows, because hundreds are read for every class.
interface ReachGroups {
  readonly rows: Uint32Array;
  // For each reach: where its rows end; 0 until the rows are filled in.
  readonly ends: Int32Array;
}

class Groups {
  readonly #maps: PolicyMaps;
  readonly #groupOf: (user: PolicyUser) => string | undefined;
  readonly #numbers = new Map<string, number>();
  readonly #ofReach: Record<Side, ReachGroups>;
  readonly #stride: number;
  // Scratch buffers: for each group, the cells that it covers in the class that is being examined.
  readonly #covered: Mask[] = [];

  constructor(maps: PolicyMaps, groupOf: (user: PolicyUser) => string | undefined) {
    this.#maps = maps;
    this.#groupOf = groupOf;
    this.#stride = 1 + maps.network.cells.words;
    const none = (): ReachGroups => {
      const rows = new Uint32Array(maps.members.length * this.#stride);
      return { rows, ends: new Int32Array(maps.firstIn.length) };
    };
    this.#ofReach = { before: none(), after: none() };
  }

  // Returns the cells that users of at least two groups cover.
  shared({ reaches }: SpotClass, side: Side): Mask {
    const { cells } = this.#maps.network;
    const { rows } = this.#ofReach[side];
    const [shared, covered] = [cells.mask(), cells.mask()];
    const touched: Mask[] = [];
    for (const reach of reaches) {
      const end = this.#endOf(side, reach);
      for (let row = this.#startOf(reach); row < end; row += this.#stride) {
        for (let word = 0; word < cells.words; word += 1) {
          const open = (rows[row + 1 + word] ?? 0) & ~(shared[word] ?? 0);
          if (open === 0) continue;
          const own = this.#coveredBy(rows[row] ?? 0);
          touched.push(own);
          // Cells in `open` have been covered by at most one group. If that is another group, two groups share them.
          shared[word] = (shared[word] ?? 0) | (open & (covered[word] ?? 0) & ~(own[word] ?? 0));
          own[word] = (own[word] ?? 0) | open;
          covered[word] = (covered[word] ?? 0) | open;
        }
      }
    }
    for (const own of touched) own.fill(0);
    return shared;
  }

  // Returns the names of the groups that cover a broken cell after the plan.
  namesIn(places: readonly BrokenPlaces[]): string[] {
    const found = new Set<number>();
    const { rows } = this.#ofReach.after;
    for (const { spotClass, cells } of places) {
      for (const reach of spotClass.reaches) {
        const end = this.#endOf("after", reach);
        for (let row = this.#startOf(reach); row < end; row += this.#stride) {
          const number = rows[row] ?? 0;
          if (!found.has(number) && meets(cells, rows.subarray(row + 1, row + this.#stride))) found.add(number);
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
    const rowOf = new Map<number, number>();
    let end = this.#startOf(reach);
    for (const { state, mask, [side]: counts } of this.#maps.membersIn(reach)) {
      const group = counts ? this.#groupOf(state) : undefined;
      if (group === undefined) continue;
      const number = getOrMake(this.#numbers, group, () => this.#numbers.size);
      let row = rowOf.get(number);
      if (row === undefined) {
        row = end;
        rowOf.set(number, row);
        groups.rows[row] = number;
        end += this.#stride;
      }
      addTo(groups.rows.subarray(row + 1, row + this.#stride), mask);
    }
    groups.ends[reach] = end;
    return end;
  }
}
