import { issueBy } from "../../base/issues.ts";
import { showIdentity } from "../../base/redact.ts";
import { codedBy } from "../../base/texts/coded.ts";
import { LOAD_FINDINGS } from "../../base/texts/en/coverage/load.ts";
import { COVERAGE_OPTIONS } from "../../base/texts/en/coverage/options.ts";
import { TimeSlice } from "../../base/time/time-slice.ts";
import { requireNoIssues } from "../../base/validation/validate.ts";
import { checkLeads, findLeadIssues } from "../explain/explain-lead.ts";
import { getOrMake } from "../get-or-make.ts";
import { internalsOf } from "../internals.ts";
import { checkLoadOptions } from "../read-options.ts";
import type { CoverageResult } from "../types.ts";
import { type Demand, type DemandSource, demandOf } from "./demand.ts";
import { fairnessOf } from "./fairness.ts";
import type { ExpectedLoad, ExpectedLoadOptions, LeadCount, LoadFinding, LoadFindingFacts, UserLoad } from "./types.ts";

/**
 * How many leads a month each user gets: as bounds that hold however Oplead shares the leads that several users can get, and as they are
 * if users share them equally; for each range, too. Leads that a user perhaps gets widen the bounds: they count in `max` and not in
 * `min`. Sends nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for leads that are not valid, each with its place in the list, and for
 * something that `coverage` did not return; `aborted`.
 *
 * @example
 * ```ts
 * const { users, fairness } = await expectedLoad(result, { perInhabitant: 0.0002 });
 * ```
 * @experimental
 */
export async function expectedLoad(result: CoverageResult, options: ExpectedLoadOptions): Promise<ExpectedLoad> {
  checkLoadOptions(options);
  const { share, signal } = options;
  const { network } = internalsOf(result, "expectedLoad");
  const accountNumbers = network.users.map(({ accountNumber }) => accountNumber);
  const weights = weightsOf("expectedLoad", share, accountNumbers);
  const slice = await TimeSlice.begin("expectedLoad", signal);
  const loads = new Loads(weights);
  await demandOf(network, await checkedDemand(options, slice), (demand) => loads.add(demand), slice);
  const users: UserLoad[] = [];
  for (const [index, accountNumber] of accountNumbers.entries()) {
    if (slice.isOver) await slice.next();
    users.push({ accountNumber, ...loads.of(index) });
  }
  users.sort((a, b) => b.equal - a.equal);
  return {
    assumptions: result.assumptions,
    leads: loads.all,
    unreached: loads.unreached,
    users,
    ...fairnessOf(users.map(({ equal }) => equal)),
    findings: findingsOf(users, options),
  };
}

/** The part of the leads that one of those gets who share them. */
export function partsOf(sharing: readonly number[], weights: readonly number[]): (user: number) => number {
  const total = sharing.reduce((sum, user) => sum + (weights[user] ?? 0), 0);
  // Those without a weight get what has to go to one of them.
  return (user) => (total > 0 ? (weights[user] ?? 0) / total : 1 / sharing.length);
}

/**
 * The weight of each user, by its index.
 *
 * @throws {@link OpleadError} `invalid_options` for account numbers that no user has.
 */
export function weightsOf(what: string, share: Share = {}, users: readonly string[]): number[] {
  requireUsers(what, "share", Object.keys(share), users);
  return users.map((accountNumber) => share[accountNumber] ?? 1);
}

type Share = ExpectedLoadOptions["share"];
type Sums = { min: number; equal: number; max: number };

class Loads {
  all = 0;
  unreached = 0;
  readonly #weights: readonly number[];
  /** By the index of the user, then by range. */
  readonly #sums: Map<string | undefined, Sums>[];

  constructor(weights: readonly number[]) {
    this.#weights = weights;
    this.#sums = weights.map(() => new Map());
  }

  add({ leads, range, eligible, uncertain }: Demand): void {
    this.all += leads;
    if (eligible.length + uncertain.length === 0) this.unreached += leads;
    const isAlone = eligible.length === 1 && uncertain.length === 0;
    for (const user of eligible) this.#sum(user, range).max += leads;
    for (const user of uncertain) this.#sum(user, range).max += leads;
    const sharing = eligible.length > 0 ? eligible : uncertain;
    const part = partsOf(sharing, this.#weights);
    for (const user of sharing) {
      const sums = this.#sum(user, range);
      sums.equal += leads * part(user);
      if (isAlone) sums.min += leads;
    }
  }

  of(index: number): Omit<UserLoad, "accountNumber"> {
    const ranges = [...(this.#sums[index] ?? [])].map(([range, sums]) => ({ range, ...sums }));
    ranges.sort((a, b) => b.equal - a.equal);
    const sumOf = (field: keyof Sums) => ranges.reduce((sum, one) => sum + one[field], 0);
    return { min: sumOf("min"), equal: sumOf("equal"), max: sumOf("max"), ranges };
  }

  #sum(user: number, range: string | undefined): Sums {
    // There is a map for each user.
    const ofUser = this.#sums[user] as Map<string | undefined, Sums>;
    return getOrMake(ofUser, range, () => ({ min: 0, equal: 0, max: 0 }));
  }
}

const told = /* @__PURE__ */ codedBy(LOAD_FINDINGS);

function findingsOf(users: readonly UserLoad[], { maxLoad, minLoad }: ExpectedLoadOptions): LoadFinding[] {
  const findings: LoadFinding[] = [];
  const add = (facts: LoadFindingFacts, code: keyof typeof LOAD_FINDINGS, leads: number, limit: number) =>
    findings.push({ ...facts, ...told(code, { user: showIdentity(facts.accountNumber), leads, limit }) });
  for (const { accountNumber, min, equal, max } of users) {
    const [sure, perhaps] = [
      { accountNumber, certain: true },
      { accountNumber, certain: false },
    ];
    if (maxLoad !== undefined && min > maxLoad) add(sure, "above_ceiling", min, maxLoad);
    else if (maxLoad !== undefined && equal > maxLoad) add(perhaps, "above_ceiling_if_shared", equal, maxLoad);
    if (minLoad !== undefined && max < minLoad) add(sure, "below_floor", max, minLoad);
    else if (minLoad !== undefined && equal < minLoad) add(perhaps, "below_floor_if_shared", equal, minLoad);
  }
  return findings.sort((a, b) => Number(b.certain) - Number(a.certain));
}

const issue = /* @__PURE__ */ issueBy(COVERAGE_OPTIONS);

/** @throws {@link OpleadError} `invalid_options` for account numbers that no user has: a slip would change nothing, unnoticed. */
export function requireUsers(what: string, path: string, named: readonly string[], users: readonly string[]): void {
  const known = new Set(users);
  const unknown = named.filter((one) => !known.has(one)).map(() => issue(path, "names_no_user"));
  requireNoIssues(`${what}: wrong options`, unknown);
}

/** @throws {@link OpleadError} `invalid_input`, with every problem. */
export async function checkedDemand(
  { leads: given, perInhabitant }: Pick<ExpectedLoadOptions, "leads" | "perInhabitant">,
  slice: TimeSlice,
): Promise<DemandSource> {
  if (!given) return { perInhabitant };
  const leads = [...given];
  const find = (lead: LeadCount) => {
    const count: unknown = lead?.count ?? 1;
    const isCount = typeof count === "number" && count >= 0 && count < Number.POSITIVE_INFINITY;
    return [...findLeadIssues(lead), ...(isCount ? [] : [issue("count", "not_count_of_leads")])];
  };
  await checkLeads("leads", leads, find, slice);
  return { leads };
}
