import { TimeSlice } from "../../../base/time/time-slice.ts";
import { ledger as ledgerSchema } from "../../../base/validation/parts.ts";
import { optionsCheck, options as shape, signal as signalSchema } from "../../../base/validation/validate.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { PolicyCoverage, PolicyFinding, SyncPolicy } from "../../../policy-types.ts";
import { policiesShape } from "../../read-options.ts";
import { LedgerSnapshot } from "../ledger-snapshot.ts";
import { askPolicies, contextOf } from "./judge-policies.ts";

/** Options of {@link judgePolicies}. */
export interface JudgePoliciesOptions {
  /** The ledger of runs that had {@link SyncOptions.coverage}: it keeps the rules that Oplead accepted. It is only read. */
  readonly ledger: Ledger;
  /** The leads over which the policies are judged. */
  readonly coverage: PolicyCoverage;
  /** From `oplead-sdk/coverage`, or functions of your own. */
  readonly policies: readonly SyncPolicy[];
  /** Ends the judging with an {@link OpleadError} `aborted`. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** The verdict of policies on the present state. Plain data. */
export interface PolicyJudgement {
  /** Users that Oplead has, those that left included. */
  readonly users: number;
  /** Users of which it is not known what Oplead has: their verdicts are uncertain. A run with `coverage` sends nothing to learn it; `resend` does. */
  readonly unknown: number;
  /** Findings that would refuse a plan. */
  readonly refusals: readonly PolicyFinding[];
  /** Findings that would not: uncertain ones, and those of policies with `onViolation: "warn"`. */
  readonly warnings: readonly PolicyFinding[];
}

const check = optionsCheck<JudgePoliciesOptions>("judgePolicies", () => {
  return shape({ signal: signalSchema() }, { ledger: ledgerSchema(), ...policiesShape() });
});

/**
 * Judges the state in Oplead, as the ledger knows it, by policies, without a plan: for a check in CI or a dashboard. Each policy judges the whole
 * state, and not what changes. Sends nothing and writes nothing.
 *
 * @throws {@link OpleadError} `invalid_options`; `ledger_unavailable`; `aborted`.
 * @experimental
 */
export async function judgePolicies(options: JudgePoliciesOptions): Promise<PolicyJudgement> {
  check(options);
  const { ledger, coverage, policies, signal } = options;
  const snapshot = await LedgerSnapshot.read(ledger, await TimeSlice.begin("judgePolicies", signal));
  const basis = { coverage, rows: new Map(), ledger: snapshot, leavers: [], signal };
  const context = { ...(await contextOf(basis, { changes: [], isPartial: false })), isState: true };
  const unknown = context.unchanged.filter((user) => user.unknown.length > 0 || user.isPlaceUnknown);
  return {
    users: context.unchanged.length,
    unknown: unknown.length,
    ...(await askPolicies(policies, context, "judgePolicies")),
  };
}
