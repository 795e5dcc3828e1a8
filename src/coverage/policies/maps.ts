import { invalid } from "../../base/errors.ts";
import { issueBy } from "../../base/issues.ts";
import { COVERAGE_OPTIONS } from "../../base/texts/en/coverage-options.ts";
import { TimeSlice } from "../../base/time-slice.ts";
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

/** The places, kinds of leads and users of a plan, with each user as it is before and after. One network holds both. */
export class PolicyMaps {
  readonly context: PolicyContext;
  readonly network: Network;
  readonly slice: TimeSlice;
  /** By the number of the reach. */
  readonly #members = new Map<number, PolicyMember[]>();
  readonly #touched = new Set<number>();
  readonly #tallies = { before: new Map<number, Counts>(), after: new Map<number, Counts>() };
  readonly #size: number;

  private constructor(context: PolicyContext, network: Network, slice: TimeSlice, members: readonly PolicyMember[]) {
    this.context = context;
    this.network = network;
    this.slice = slice;
    this.#size = members.length;
    for (const member of members) {
      append(this.#members, member.reach.number, member);
      if (member.change) this.#touched.add(member.reach.number);
    }
  }

  static async of(context: PolicyContext): Promise<PolicyMaps> {
    const { universe, locate, unchanged, changes, signal } = context;
    checkCoverageOptions({ universe, locate, assumptions: context.assumptions });
    const slice = await TimeSlice.begin("policies", signal);
    const assumptions = resolveAssumptions(context.assumptions);
    const states: Pick<PolicyMember, "state" | "change" | Side>[] = [];
    for (const state of unchanged) {
      if (state.counts) states.push({ state, change: undefined, before: state.counts, after: state.counts });
    }
    for (const change of changes) {
      const { before, after } = change;
      if (before?.counts) states.push({ state: before, change, before: before.counts, after: false });
      if (after.counts) states.push({ state: after, change, before: false, after: after.counts });
    }
    const users: ReadUser[] = [];
    for (const { state } of states) {
      if (slice.isOver) await slice.next();
      users.push(readState(state, readUser(state.user.accountNumber, state, assumptions)));
    }
    const world = { users, universe, assumptions, locate: checkedLocate(locate), overlapAbove: undefined, checkKinds };
    const network = await Network.of(world, slice, false);
    const members = network.users.map((user, index) => ({ ...user, ...(states[index] as (typeof states)[number]) }));
    return new PolicyMaps(context, network, slice, members);
  }

  /** The classes of spots in which the plan may change something. For a state: all. */
  classes(isState: boolean): readonly SpotClass[] {
    if (isState || this.context.isState) return this.network.classes;
    const isTouched = (reach: number) => this.#touched.has(reach);
    return this.network.classes.filter(({ pass, uncertain }) => pass.some(isTouched) || uncertain.some(isTouched));
  }

  /** The members whose area takes in a class, perhaps. */
  membersOf({ pass, uncertain }: Pick<SpotClass, "pass" | "uncertain">): PolicyMember[] {
    return [...pass, ...uncertain].flatMap((reach) => this.#members.get(reach) ?? []);
  }

  counts(side: Side, { pass, uncertain }: SpotClass): Counts {
    const [certain, possible] = [this.#tally(), this.#tally()];
    for (const reach of pass) {
      const counts = this.#countsOf(side, reach);
      certain.add(counts.certain);
      possible.add(counts.possible);
    }
    for (const reach of uncertain) possible.add(this.#countsOf(side, reach).possible);
    return { certain, possible };
  }

  #countsOf(side: Side, reach: number): Counts {
    return getOrMake(this.#tallies[side], reach, () => {
      if (side === "after" && !this.#touched.has(reach)) return this.#countsOf("before", reach);
      const [certain, possible] = [this.#tally(), this.#tally()];
      for (const member of this.#members.get(reach) ?? []) {
        if (member[side] === true) certain.add(member.masks.pass);
        if (member[side] !== false) possible.add(member.masks.possible);
      }
      return { certain, possible };
    });
  }

  #tally(): Tally {
    return new Tally(this.network.cells.words, this.#size);
  }
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

const known = new WeakMap<PolicyContext, Promise<PolicyMaps>>();

/** The maps of a context: made once for all policies. */
export function mapsOf(context: PolicyContext, what: string): Promise<PolicyMaps> {
  checkContext(context, what);
  return getOrMake(known, context, () => PolicyMaps.of(context));
}
