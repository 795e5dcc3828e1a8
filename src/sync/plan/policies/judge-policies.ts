import { invalid, isOpleadError } from "../../../base/errors.ts";
import { issueAt } from "../../../base/issues.ts";
import { tellSyncOption } from "../../../locales/en/sync.ts";
import type {
  AreaChange,
  PolicyChange,
  PolicyContext,
  PolicyCoverage,
  PolicyFinding,
  PolicyUser,
  SyncPolicy,
} from "../../../policy-types.ts";
import type { Leaver } from "../../types/records.ts";
import type { LedgerSnapshot } from "../ledger-snapshot.ts";
import type { Selection } from "../select.ts";
import { nameOf, positionOf } from "../source/map-record.ts";
import type { SourceRow } from "../source/source-users.ts";
import { acceptedUser, changedUser } from "./accepted.ts";

export interface PolicyBasis {
  readonly coverage: PolicyCoverage;
  readonly rows: ReadonlyMap<string, SourceRow>;
  readonly ledger: LedgerSnapshot;
  readonly leavers: readonly Leaver[];
  readonly signal: AbortSignal | undefined;
}

/** The findings of policies, by what they do to the plan. */
export interface PolicyVerdict {
  readonly refusals: readonly PolicyFinding[];
  readonly warnings: readonly PolicyFinding[];
  /** The findings of {@link PolicyCoverage.areas}; undefined if it was not asked. */
  readonly areas?: readonly AreaChange[] | undefined;
}

const CALM: PolicyVerdict = { refusals: [], warnings: [] };

/** Asks every policy about the changes of a run, and with `withAreas` what areas gain and lose. Asks none if the run changes nothing. */
export async function policiesOnPlan(
  policies: readonly SyncPolicy[],
  basis: PolicyBasis,
  selection: Pick<Selection, "changes" | "isPartial">,
  withAreas = false,
): Promise<PolicyVerdict> {
  const { areas } = withAreas ? basis.coverage : {};
  if (policies.length === 0 && !areas) return CALM;
  const context = contextOf(basis, selection);
  if (context.changes.length === 0) return areas ? { ...CALM, areas: [] } : CALM;
  const verdict = await askPolicies(policies, context, "planSync");
  return areas ? { ...verdict, areas: await ask(() => areas(context), "planSync", "coverage.areas") } : verdict;
}

async function askPolicies(
  policies: readonly SyncPolicy[],
  context: PolicyContext,
  caller: string,
): Promise<PolicyVerdict> {
  const [refusals, warnings]: [PolicyFinding[], PolicyFinding[]] = [[], []];
  for (const [index, policy] of policies.entries()) {
    const { onViolation = "refuse" } = policy;
    for (const finding of await ask(() => policy.judge(context), caller, `policies[${index}]`)) {
      const refuses = onViolation === "refuse" && finding.parameters.certain;
      (refuses ? refusals : warnings).push(finding);
    }
  }
  return { refusals, warnings };
}

async function ask<T>(task: () => T | Promise<T>, caller: string, path: string): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (isOpleadError(error)) throw error;
    const issue = issueAt(path, tellSyncOption("policy_failed", { error: nameOf(error), at: positionOf(error) }));
    throw invalid("invalid_options", `${caller}: a policy failed`, [issue], { cause: error as Error });
  }
}

/** The users before a run and after it. Those that do not differ are the same objects. */
function contextOf(
  { coverage, rows, ledger, leavers, signal }: PolicyBasis,
  { changes, isPartial }: Pick<Selection, "changes" | "isPartial">,
): PolicyContext {
  const { leaversCover = false } = coverage;
  const sent = new Map(changes.map((change) => [change.planned.accountNumber, change]));
  // A run of some users does nothing about those that left.
  const left = new Map(isPartial ? [] : leavers.map((leaver) => [leaver.accountNumber, leaver]));
  const unchanged: PolicyUser[] = [];
  const changed: PolicyChange[] = [];
  const add = (accountNumber: string): void => {
    const [row, entry, change] = [rows.get(accountNumber), ledger.get(accountNumber), sent.get(accountNumber)];
    const before = acceptedUser(accountNumber, entry, row?.segment, leaversCover);
    const planned = change ? changedUser(before, change, entry, row?.segment) : before;
    if (!planned) return;
    const isBack = entry?.missingSince !== undefined && row !== undefined && (!isPartial || change !== undefined);
    const counts = isBack || countsAfter(planned.counts, left.get(accountNumber), leaversCover);
    const after = counts === planned.counts ? planned : { ...planned, counts };
    if (after === before) unchanged.push(before);
    else changed.push({ accountNumber, before, after });
  };
  for (const [accountNumber] of ledger) add(accountNumber);
  for (const accountNumber of sent.keys()) if (!ledger.get(accountNumber)) add(accountNumber);
  return { ...coverage, unchanged, changes: changed, isState: false, signal };
}

function countsAfter(
  before: PolicyUser["counts"],
  leaver: Leaver | undefined,
  leaversCover: boolean,
): PolicyUser["counts"] {
  if (!leaver || before === false) return before;
  if (leaver.state === "perhaps") return leaversCover ? before : "perhaps";
  return leaversCover && leaver.state !== "done";
}
