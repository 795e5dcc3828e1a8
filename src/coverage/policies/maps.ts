import { invalid } from "../../core/errors.ts";
import { issueAt } from "../../core/issues.ts";
import { endIfAborted, inTurns } from "../../core/time.ts";
import { getOrMake, isObject } from "../../core/values.ts";
import { tellCoverageOption } from "../../locales/en/coverage.ts";
import { resolveAssumptions } from "../assumptions.ts";
import { checkCoverageOptions, coverageAmong } from "../coverage.ts";
import { Tally } from "../masks.ts";
import { Network, type NetworkUser } from "../network.ts";
import type { SpotClass } from "../reach.ts";
import { checkedLocate, checkKinds, type RulesRead, readUser } from "../read-input.ts";
import { someHaveRules } from "../receiving.ts";
import type { CoverageResult, CoverageUser, PolicyChange, PolicyContext, PolicyUser } from "../types.ts";

/** The state before a plan, or the state after it. */
export type Side = "before" | "after";

/**
 * The state of a user before a plan, after it, or both. A user that the plan changes has two members, one for each
 * state. Any other user has one member for both states.
 */
interface PolicyMember extends NetworkUser {
  /** The index in the list of all members. */
  readonly index: number;
  readonly state: PolicyUser;
  readonly change: PolicyChange | undefined;
  /**
   * Whether policies count the user in this state before the plan (`before`) and after it (`after`). If the user has
   * this state only before the plan, `after` is false. If only after it, `before` is false.
   */
  readonly before: PolicyUser["counts"];
  readonly after: PolicyUser["counts"];
}

/**
 * How many users cover each kind of lead in a class of places. `certain`: users who certainly cover it. `possible`:
 * users who certainly or perhaps cover it.
 */
export interface Counts {
  readonly certain: Tally;
  readonly possible: Tally;
}

/** The maximum size of the counts that {@link PolicyMaps} keeps for later policies, in words of 4 bytes. */
const MOST_KEPT = 4_000_000;

/**
 * The places, kinds of leads and users of a plan. Each user that the plan changes is in it twice: as before the plan
 * and as after it.
 */
export class PolicyMaps {
  readonly context: PolicyContext;
  readonly network: Network;
  readonly members: readonly PolicyMember[];
  /**
   * The members, grouped by their reach (the places that a member's area rules admit), in the order in which the
   * reaches are numbered. `firstIn`: for each reach, the index in this list of its first member.
   */
  readonly #byReach: readonly PolicyMember[];
  readonly firstIn: Int32Array;
  /**
   * Indexed by reach number: 1 if the plan changes a user with this reach (the places that the user's area rules
   * admit).
   */
  readonly #changed: Uint8Array;
  readonly #ofReach: Record<Side, ReachCounts>;
  /** Indexed by the number of a reach: the index at which the counts of this reach begin in {@link ReachCounts}. */
  readonly #starts: Int32Array;
  /**
   * Counts that were computed earlier. They are kept, because several policies ask for the counts of the same classes
   * of places. Undefined if they would take too much memory.
   */
  readonly #ofClass: Record<Side, Map<SpotClass, Counts>> | undefined;
  #touched: readonly SpotClass[] | undefined;

  private constructor(
    context: PolicyContext,
    network: Network,
    members: readonly PolicyMember[],
    /**
     * `reachOf`: for each member, the number of its reach (the places that its area rules admit). `changed`: for each
     * reach number, 1 if the plan changes a user with this reach.
     */
    { reachOf, changed }: { readonly reachOf: Int32Array; readonly changed: Uint8Array },
  ) {
    this.context = context;
    this.network = network;
    this.members = members;
    // Each member has one reach (the places that its area rules admit), so there are at most as many reaches as
    // members.
    const reaches = members.length;
    const [firstIn, starts] = [new Int32Array(reaches + 1), new Int32Array(reaches + 1)];
    for (const reach of reachOf) firstIn[reach + 1] = (firstIn[reach + 1] ?? 0) + 1;
    for (let reach = 0; reach < reaches; reach += 1) {
      const size = firstIn[reach + 1] ?? 0;
      starts[reach + 1] = (starts[reach] ?? 0) + Tally.length(network.cells.words, size);
      firstIn[reach + 1] = (firstIn[reach] ?? 0) + size;
    }
    // The array is made with its full length. If an array without a length is filled in any order, reading it is slow.
    const byReach = new Array<PolicyMember>(reaches);
    const next = firstIn.slice();
    for (const [index, member] of members.entries()) {
      const reach = reachOf[index] ?? 0;
      const at = next[reach] ?? 0;
      byReach[at] = member;
      next[reach] = at + 1;
    }
    this.firstIn = firstIn;
    this.#starts = starts;
    this.#changed = changed;
    this.#byReach = byReach;
    const noCounts = () => {
      const block = () => new Uint32Array(this.#starts[reaches] ?? 0);
      return { certain: block(), possible: block(), is: new Uint8Array(reaches) };
    };
    this.#ofReach = { before: noCounts(), after: noCounts() };
    const words = network.classes.length * 4 * network.cells.words * (32 - Math.clz32(members.length));
    this.#ofClass = words > MOST_KEPT ? undefined : { before: new Map(), after: new Map() };
  }

  /**
   * If `isState` is true (the present state is judged, without a plan), the maps hold all places; otherwise only the
   * places that changed users can reach.
   */
  static async of(context: PolicyContext, isState: boolean): Promise<PolicyMaps> {
    const { universe, locate, unchanged, changes, signal } = context;
    checkCoverageOptions({ universe, locate, assumptions: context.assumptions });
    const work = { caller: "policies", signal };
    endIfAborted(work);
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
    const known: RulesRead = new Map();
    const users = states.map(({ state }) => {
      return readUser(state.user.accountNumber, state, assumptions, { receives: state.receives, known });
    });
    const othersHaveRules = someHaveRules([
      ...unchanged,
      ...changes.flatMap(({ before, after }) => (before ? [before, after] : [after])),
    ]);
    const places = { universe, assumptions, locate: checkedLocate(locate), overlapAbove: undefined };
    const world = { ...places, users, othersHaveRules, checkKinds };
    const network = await Network.of({ ...world, around }, (items) => inTurns(items, work), false);
    const members: PolicyMember[] = [];
    const [reachOf, changed] = [new Int32Array(states.length), new Uint8Array(states.length)];
    for (const user of network.users) {
      const { state, change, before, after } = states[user.index] as (typeof states)[number];
      const { number } = user.reach;
      const index = members.length;
      members.push({ ...user, state, change, before, after, index });
      reachOf[index] = number;
      if (change) changed[number] = 1;
    }
    return new PolicyMaps(context, network, members, { reachOf: reachOf.subarray(0, members.length), changed });
  }

  /**
   * The classes of places in which the plan may change the coverage. All classes, if the present state is judged
   * instead of a plan.
   */
  classes(isState: boolean): readonly SpotClass[] {
    if (isState || this.context.isState) return this.network.classes;
    this.#touched ??= this.#findTouched();
    return this.#touched;
  }

  #findTouched(): readonly SpotClass[] {
    const isTouched = (reach: number) => this.#changed[reach] === 1;
    return this.network.classes.filter(({ pass, uncertain }) => pass.some(isTouched) || uncertain.some(isTouched));
  }

  /** The members whose reach (the places that a member's area rules admit) has this number. */
  membersIn(reach: number): readonly PolicyMember[] {
    return this.#byReach.slice(this.firstIn[reach], this.firstIn[reach + 1]);
  }

  /**
   * Returns the second state of a user that the plan changes: for the state before the plan the state after it, and the
   * reverse. Undefined if the second state does not count. The two states of a user are neighbours in `members`.
   */
  otherState({ index, change }: PolicyMember): PolicyMember | undefined {
    const [previous, next] = [this.members[index - 1], this.members[index + 1]];
    return previous?.change === change ? previous : next?.change === change ? next : undefined;
  }

  /**
   * How many users cover each kind of lead in a class of places. `certain` and `possible` are the same object if
   * nothing is uncertain.
   */
  counts(side: Side, spotClass: SpotClass): Counts {
    const known = this.#ofClass?.[side];
    return known ? getOrMake(known, spotClass, () => this.#count(side, spotClass)) : this.#count(side, spotClass);
  }

  #count(side: Side, { pass, uncertain }: SpotClass): Counts {
    const counts = this.#ofReach[side];
    let most = 0;
    let isSure = uncertain.length === 0;
    for (const reaches of [pass, uncertain]) {
      for (const reach of reaches) {
        if (counts.is[reach] === OPEN) this.#fill(side, reach);
        if (counts.is[reach] === UNSURE) isSure = false;
        most += (this.firstIn[reach + 1] ?? 0) - (this.firstIn[reach] ?? 0);
      }
    }
    const sum = (block: Uint32Array, ...lists: readonly Int32Array[]): Tally => {
      const tally = new Tally(this.network.cells.words, most);
      for (const reaches of lists) {
        for (const reach of reaches) {
          if (counts.is[reach] === NONE) continue;
          const from = counts.is[reach] === SURE ? counts.certain : block;
          tally.addFrom(from, this.#starts[reach] ?? 0, this.#starts[reach + 1] ?? 0);
        }
      }
      return tally;
    };
    const certain = sum(counts.certain, pass);
    return { certain, possible: isSure ? certain : sum(counts.possible, pass, uncertain) };
  }

  #fill(side: Side, reach: number): void {
    const counts = this.#ofReach[side];
    const members = this.membersIn(reach);
    const tally = (block: Uint32Array) => {
      const digits = block.subarray(this.#starts[reach], this.#starts[reach + 1]);
      return new Tally(this.network.cells.words, members.length, digits);
    };
    const [certain, possible] = [tally(counts.certain), tally(counts.possible)];
    const counting = members.filter((member) => member[side] !== false);
    const isSure = counting.every((member) => member[side] === true && member.masks.pass === member.masks.possible);
    for (const { masks, [side]: own } of counting) {
      if (own === true) certain.add(masks.pass);
      if (!isSure) possible.add(masks.possible);
    }
    counts.is[reach] = counting.length === 0 ? NONE : isSure ? SURE : UNSURE;
  }
}

/**
 * For each reach (the places that the area rules of some users admit), how many of these users cover each kind of lead,
 * before the plan or after it. All counts are in two arrays, because hundreds of counts are read for every class of
 * places.
 */
interface ReachCounts {
  readonly certain: Uint32Array;
  /**
   * The counts of users who certainly or perhaps cover a kind of lead. They are filled in only for a reach in which
   * some user perhaps covers a kind of lead. For any other reach, the counts are the same as in `certain`.
   */
  readonly possible: Uint32Array;
  /**
   * For each reach (the places that the area rules of some users admit): whether these users were counted already, and
   * whether their counts are certain. The value is OPEN, NONE, SURE or UNSURE.
   */
  readonly is: Uint8Array;
}

/**
 * The values of {@link ReachCounts.is}, in this order: not counted yet; no user is counted; all counts are certain;
 * some counts are uncertain.
 */
const [OPEN, NONE, SURE, UNSURE] = [0, 1, 2, 3] as const;

/** @throws {@link OpleadError} `invalid_input` for anything but the context that a policy is given. */
function checkContext(context: PolicyContext, what: string): void {
  if (isObject(context) && Array.isArray(context.changes) && Array.isArray(context.unchanged)) return;
  throw invalid("invalid_input", what, [issueAt("", tellCoverageOption("not_policy_context"))]);
}

const known = [true, false].map(() => new WeakMap<PolicyContext, Promise<PolicyMaps>>());

/**
 * Returns the maps of a policy's context: its places, kinds of leads and users. All policies that judge a plan share
 * one {@link PolicyMaps}. All policies that judge the present state share another one, which holds all places.
 */
export function mapsOf(context: PolicyContext, what: string, isState: boolean): Promise<PolicyMaps> {
  checkContext(context, what);
  const isWhole = isState || context.isState;
  return getOrMake(known[Number(isWhole)] as (typeof known)[number], context, () => PolicyMaps.of(context, isWhole));
}

/**
 * The coverage before and after a plan, for your own policy. A rule whose content in Oplead is not known is uncertain.
 * A leaver that no longer counts is left out.
 *
 * @throws {@link OpleadError} `invalid_input` if `context` is not the context that `judge` was given; and the errors of
 * {@link coverage}.
 * @experimental
 */
export async function coverageOf(
  context: PolicyContext,
): Promise<{ readonly before: CoverageResult; readonly after: CoverageResult }> {
  checkContext(context, "coverageOf");
  const { unchanged, changes, universe, locate, assumptions, signal } = context;
  const receives = (user: CoverageUser) => (user as PolicyUser).receives;
  const options = { universe, locate, assumptions, signal, receives };
  const before = [...unchanged, ...changes.flatMap((change) => change.before ?? [])];
  const after = [...unchanged, ...changes.map((change) => change.after)];
  const othersHaveRules = someHaveRules([...before, ...after]);
  const was = await coverageAmong(usersOf(before), options, othersHaveRules);
  if (changes.length === 0) return { before: was, after: was };
  return { before: was, after: await coverageAmong(usersOf(after), options, othersHaveRules) };
}

function usersOf(users: readonly PolicyUser[]): PolicyUser[] {
  return users.filter(({ counts }) => counts !== false);
}
