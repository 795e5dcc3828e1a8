import { invalid } from "../../base/errors.ts";
import { issueBy } from "../../base/issues.ts";
import { COVERAGE_OPTIONS } from "../../base/texts/en/coverage/options.ts";
import { TimeSlice } from "../../base/time/time-slice.ts";
import { isObject } from "../../base/validation/is-object.ts";
import type { PolicyChange, PolicyContext, PolicyUser } from "../../policy-types.ts";
import type { RuleName } from "../../rules/rules.ts";
import { resolveAssumptions } from "../assumptions.ts";
import { checkedLocate } from "../checked-locate.ts";
import { append, getOrMake } from "../get-or-make.ts";
import type { SpotClass } from "../network/classes.ts";
import { Network, type NetworkUser } from "../network/network.ts";
import { Tally } from "../network/tally.ts";
import { checkCoverageOptions, checkKinds } from "../read-options.ts";
import { type ReadUser, readUser } from "../read-users.ts";

/** Before a plan, or after it. */
export type Side = "before" | "after";

/** A state of a user: most are the same before and after. */
export interface PolicyMember extends NetworkUser {
  readonly state: PolicyUser;
  readonly change: PolicyChange | undefined;
  /** Whether it counts on that side. */
  readonly before: PolicyUser["counts"];
  readonly after: PolicyUser["counts"];
}

/** How many users cover each kind of lead somewhere: those that certainly do, and those that perhaps do as well. */
export interface Counts {
  readonly certain: Tally;
  readonly possible: Tally;
}

/** At most this many words are kept of counts, 4 bytes each. */
const MOST_KEPT = 4_000_000;

const NO_MEMBERS: readonly PolicyMember[] = [];

/** The places, kinds of leads and users of a plan, with each user as it is before and after. One network holds both. */
export class PolicyMaps {
  readonly context: PolicyContext;
  readonly network: Network;
  readonly slice: TimeSlice;
  readonly members: readonly PolicyMember[];
  /** By the number of the reach. */
  readonly #inReach = new Map<number, PolicyMember[]>();
  /** The numbers of the reaches of users that the plan changes. */
  readonly #changed = new Set<number>();
  /** By the number of the reach. */
  readonly #ofReach: Record<Side, Counts[]>;
  /** Policies ask for the same classes one after the other. Undefined where keeping them would take too much memory. */
  readonly #ofClass: Record<Side, Map<SpotClass, Counts>> | undefined;
  #touched: Promise<readonly SpotClass[]> | undefined;

  private constructor(context: PolicyContext, network: Network, slice: TimeSlice, members: readonly PolicyMember[]) {
    this.context = context;
    this.network = network;
    this.slice = slice;
    this.members = members;
    this.#ofReach = { before: listFor(members), after: listFor(members) };
    for (const member of members) {
      const { number } = member.reach;
      append(this.#inReach, number, member);
      if (member.change) this.#changed.add(number);
    }
    const words = network.classes.length * 4 * network.cells.words * (32 - Math.clz32(members.length));
    this.#ofClass = words > MOST_KEPT ? undefined : { before: new Map(), after: new Map() };
  }

  /** `isState`: with all places. Else with those that users of changes can reach. */
  static async of(context: PolicyContext, isState: boolean): Promise<PolicyMaps> {
    const { universe, locate, unchanged, changes, signal } = context;
    checkCoverageOptions({ universe, locate, assumptions: context.assumptions });
    const slice = await TimeSlice.begin("policies", signal);
    const assumptions = resolveAssumptions(context.assumptions);
    const states: Pick<PolicyMember, "state" | "change" | Side>[] = [];
    for (const change of changes) {
      const { before, after } = change;
      if (before?.counts) states.push({ state: before, change, before: before.counts, after: false });
      if (after.counts) states.push({ state: after, change, before: false, after: after.counts });
    }
    const around = isState ? undefined : new Set(states.keys());
    for (const state of unchanged) {
      if (state.counts) states.push({ state, change: undefined, before: state.counts, after: state.counts });
    }
    const users: ReadUser[] = [];
    for (const { state } of states) {
      if (slice.isOver) await slice.next();
      users.push(readState(state, readUser(state.user.accountNumber, state, assumptions)));
    }
    const world = { users, universe, assumptions, locate: checkedLocate(locate), overlapAbove: undefined, checkKinds };
    const network = await Network.of({ ...world, around }, slice, false);
    const members: PolicyMember[] = [];
    for (const user of network.users) {
      if (slice.isOver) await slice.next();
      members.push({ ...user, ...(states[user.index] as (typeof states)[number]) });
    }
    return new PolicyMaps(context, network, slice, members);
  }

  /** The classes of spots in which the plan may change something. For a state: all. */
  async classes(isState: boolean): Promise<readonly SpotClass[]> {
    if (isState || this.context.isState) return this.network.classes;
    this.#touched ??= this.#findTouched();
    return this.#touched;
  }

  async #findTouched(): Promise<readonly SpotClass[]> {
    const isTouched = (reach: number) => this.#changed.has(reach);
    const found: SpotClass[] = [];
    for (const spotClass of this.network.classes) {
      if (this.slice.isOver) await this.slice.next();
      if (spotClass.pass.some(isTouched) || spotClass.uncertain.some(isTouched)) found.push(spotClass);
    }
    return found;
  }

  /** The members with a reach. */
  membersIn(reach: number): readonly PolicyMember[] {
    return this.#inReach.get(reach) ?? NO_MEMBERS;
  }

  /** The other state of a user that the plan changes, if it counts. The two follow each other. */
  otherState({ index, change }: PolicyMember): PolicyMember | undefined {
    const [previous, next] = [this.members[index - 1], this.members[index + 1]];
    return previous?.change === change ? previous : next?.change === change ? next : undefined;
  }

  /** Both counts are the same object where nothing is uncertain. */
  counts(side: Side, spotClass: SpotClass): Counts {
    const known = this.#ofClass?.[side];
    return known ? getOrMake(known, spotClass, () => this.#count(side, spotClass)) : this.#count(side, spotClass);
  }

  #count(side: Side, { pass, uncertain }: SpotClass): Counts {
    let most = 0;
    for (const reaches of [pass, uncertain]) for (const reach of reaches) most += this.membersIn(reach).length;
    const certain = new Tally(this.network.cells.words, most);
    let isSure = true;
    for (const reach of pass) {
      const counts = this.#countsOf(side, reach);
      certain.add(counts.certain);
      isSure &&= counts.possible === counts.certain;
    }
    if (isSure && uncertain.length === 0) return { certain, possible: certain };
    const possible = new Tally(this.network.cells.words, most);
    if (isSure) possible.add(certain);
    else for (const reach of pass) possible.add(this.#countsOf(side, reach).possible);
    for (const reach of uncertain) possible.add(this.#countsOf(side, reach).possible);
    return { certain, possible };
  }

  #countsOf(side: Side, reach: number): Counts {
    const known = this.#ofReach[side][reach];
    if (known) return known;
    if (side === "after" && !this.#changed.has(reach)) return this.#countsOf("before", reach);
    const members = this.membersIn(reach);
    // Small, because most reaches belong to one user and are added to many classes.
    const tally = () => new Tally(this.network.cells.words, members.length);
    const certain = tally();
    const isSure = members.every((member) => member[side] !== "perhaps" && member.masks.pass === member.masks.possible);
    const possible = isSure ? certain : tally();
    for (const member of members) {
      if (member[side] === true) certain.add(member.masks.pass);
      if (!isSure && member[side] !== false) possible.add(member.masks.possible);
    }
    const counts = { certain, possible };
    this.#ofReach[side][reach] = counts;
    return counts;
  }
}

/** A list by the number of the reach. With its length from the start: one that is filled in no order is slow to read. */
export function listFor<Item>(members: readonly PolicyMember[]): Item[] {
  return new Array(members.length);
}

const issue = /* @__PURE__ */ issueBy(COVERAGE_OPTIONS);

/** A rule of which it is not known what Oplead has is like one that is not valid: its verdict is uncertain. */
function readState({ unknown }: PolicyUser, read: ReadUser): ReadUser {
  if (unknown.length === 0) return read;
  const rules: Partial<Record<RuleName, unknown>> = { ...read.rules };
  const problems: { [Name in RuleName]?: ReadUser["invalid"][Name] } = { ...read.invalid };
  for (const name of unknown) {
    delete rules[name];
    problems[name] = issue(name, "not_kept");
  }
  return { ...read, rules: rules as ReadUser["rules"], invalid: problems };
}

/** @throws {@link OpleadError} `invalid_input` for something else than a policy is given. */
export function checkContext(context: PolicyContext, what: string): void {
  if (isObject(context) && Array.isArray(context.changes) && Array.isArray(context.unchanged)) return;
  throw invalid("invalid_input", what, [issue("", "not_policy_context")]);
}

const known = [true, false].map(() => new WeakMap<PolicyContext, Promise<PolicyMaps>>());

/** The maps of a context: made once for all policies, and once more, with all places, for those about a state. */
export function mapsOf(context: PolicyContext, what: string, isState: boolean): Promise<PolicyMaps> {
  checkContext(context, what);
  const isWhole = isState || context.isState;
  return getOrMake(known[Number(isWhole)] as (typeof known)[number], context, () => PolicyMaps.of(context, isWhole));
}
