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

export type Side = "before" | "after";

// One state of a user. A user that the plan changes has two members, one for each state.
interface PolicyMember extends NetworkUser {
  // Index among all members.
  readonly index: number;
  readonly state: PolicyUser;
  readonly change: PolicyChange | undefined;
  // Whether this state counts before and after the plan.
  readonly before: boolean;
  readonly after: boolean;
}

// Limit for the words (4 bytes each) of counts that are kept for later policies.
const MOST_KEPT = 4_000_000;

// The places, kinds of leads and users of a plan, before and after it.
export class PolicyMaps {
  readonly context: PolicyContext;
  readonly network: Network;
  readonly members: readonly PolicyMember[];
  readonly #byReach: readonly PolicyMember[];
  // The index in `#byReach` of the first member of each reach.
  readonly firstIn: Int32Array;
  // For each reach: 1 if the plan changes a user with this reach.
  readonly #changed: Uint8Array;
  // The counts of all reaches, in one array, because hundreds are read for every class of places.
  readonly #ofReach: Record<Side, { readonly digits: Uint32Array; readonly isFilled: Uint8Array }>;
  // Where in `digits` the counts of each reach begin.
  readonly #starts: Int32Array;
  // Counts kept by class of places; undefined if they would take too much memory.
  readonly #ofClass: Record<Side, Map<SpotClass, Tally>> | undefined;
  #touched: readonly SpotClass[] | undefined;

  private constructor(
    context: PolicyContext,
    network: Network,
    members: readonly PolicyMember[],
    { reachOf, changed }: { readonly reachOf: Int32Array; readonly changed: Uint8Array },
  ) {
    this.context = context;
    this.network = network;
    this.members = members;
    // There is at most one reach for each member.
    const reaches = members.length;
    const [firstIn, starts] = [new Int32Array(reaches + 1), new Int32Array(reaches + 1)];
    for (const reach of reachOf) firstIn[reach + 1] = (firstIn[reach + 1] ?? 0) + 1;
    for (let reach = 0; reach < reaches; reach += 1) {
      const size = firstIn[reach + 1] ?? 0;
      starts[reach + 1] = (starts[reach] ?? 0) + Tally.length(network.cells.words, size);
      firstIn[reach + 1] = (firstIn[reach] ?? 0) + size;
    }
    // The array is allocated at once: V8 reads a sparse array slowly.
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
    const noCounts = () => ({ digits: new Uint32Array(starts[reaches] ?? 0), isFilled: new Uint8Array(reaches) });
    this.#ofReach = { before: noCounts(), after: noCounts() };
    const words = network.classes.length * 2 * network.cells.words * (32 - Math.clz32(members.length));
    this.#ofClass = words > MOST_KEPT ? undefined : { before: new Map(), after: new Map() };
  }

  // `isState`: the maps hold all places, not only those that changed users can reach.
  static async of(context: PolicyContext, isState: boolean): Promise<PolicyMaps> {
    const { universe, locate, unchanged, changes, signal } = context;
    checkCoverageOptions({ universe, locate, assumptions: context.assumptions });
    const work = { caller: "policies", signal };
    endIfAborted(work);
    const assumptions = resolveAssumptions(context.assumptions);
    const states: Pick<PolicyMember, "state" | "change" | Side>[] = [];
    for (const change of changes) {
      const { before, after } = change;
      if (before?.counts) states.push({ state: before, change, before: true, after: false });
      if (after.counts) states.push({ state: after, change, before: false, after: true });
    }
    const around = isState ? undefined : new Set(states.keys());
    for (const state of unchanged) {
      if (state.counts) states.push({ state, change: undefined, before: true, after: true });
    }
    const known: RulesRead = new Map();
    const users = states.map(({ state }) => {
      return readUser(state.user.accountNumber, state, assumptions, { receives: state.receives, known });
    });
    const othersHaveRules = someHaveRules([
      ...unchanged,
      ...changes.flatMap(({ before, after }) => (before ? [before, after] : [after])),
    ]);
    const places = { universe, assumptions, locate: checkedLocate(locate) };
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

  // Returns all classes of places, or those in which the plan may change the coverage.
  classes(isState: boolean): readonly SpotClass[] {
    if (isState || this.context.isState) return this.network.classes;
    this.#touched ??= this.network.classes.filter(({ reaches }) => reaches.some((reach) => this.#changed[reach] === 1));
    return this.#touched;
  }

  membersIn(reach: number): readonly PolicyMember[] {
    return this.#byReach.slice(this.firstIn[reach], this.firstIn[reach + 1]);
  }

  // Returns the state of a changed user on the other side of the plan, or undefined if that state does not count. The
  // two states are neighbours in `members`.
  otherState({ index, change }: PolicyMember): PolicyMember | undefined {
    const [previous, next] = [this.members[index - 1], this.members[index + 1]];
    return previous?.change === change ? previous : next?.change === change ? next : undefined;
  }

  // How many users cover each kind of lead in a class of places.
  counts(side: Side, spotClass: SpotClass): Tally {
    const known = this.#ofClass?.[side];
    return known ? getOrMake(known, spotClass, () => this.#count(side, spotClass)) : this.#count(side, spotClass);
  }

  #count(side: Side, { reaches }: SpotClass): Tally {
    const { digits, isFilled } = this.#ofReach[side];
    let most = 0;
    for (const reach of reaches) {
      if (!isFilled[reach]) this.#fill(side, reach);
      most += (this.firstIn[reach + 1] ?? 0) - (this.firstIn[reach] ?? 0);
    }
    const tally = new Tally(this.network.cells.words, most);
    for (const reach of reaches) tally.addFrom(digits, this.#starts[reach] ?? 0, this.#starts[reach + 1] ?? 0);
    return tally;
  }

  #fill(side: Side, reach: number): void {
    const { digits, isFilled } = this.#ofReach[side];
    const members = this.membersIn(reach);
    const own = digits.subarray(this.#starts[reach], this.#starts[reach + 1]);
    const tally = new Tally(this.network.cells.words, members.length, own);
    for (const { mask, [side]: counts } of members) if (counts) tally.add(mask);
    isFilled[reach] = 1;
  }
}

function checkContext(context: PolicyContext, what: string): void {
  if (isObject(context) && Array.isArray(context.changes) && Array.isArray(context.unchanged)) return;
  throw invalid("invalid_input", what, [issueAt("", tellCoverageOption("not_policy_context"))]);
}

const known = [true, false].map(() => new WeakMap<PolicyContext, Promise<PolicyMaps>>());

// The policies that judge the changes of a plan share one object; those that judge the whole state share another one.
export function mapsOf(context: PolicyContext, what: string, isState: boolean): Promise<PolicyMaps> {
  checkContext(context, what);
  const isWhole = isState || context.isState;
  return getOrMake(known[Number(isWhole)] as (typeof known)[number], context, () => PolicyMaps.of(context, isWhole));
}

/**
 * The coverage before and after a plan, for your own policy. A leaver that no longer counts is left out.
 *
 * @throws {@link OpleadError} `invalid_input` if `context` is not what `judge` was given; and the errors of {@link
 * coverage}.
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
  return users.filter(({ counts }) => counts);
}
