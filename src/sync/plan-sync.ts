import type { Oplead } from "../client/api.ts";
import { applyPlan } from "./apply/apply.ts";
import { createPlan } from "./create-plan.ts";
import type { SyncOptions } from "./options.ts";
import { preparePlan } from "./plan/prepare-plan.ts";
import type { SyncPlan } from "./plan.ts";
import { checkPlanOptions } from "./read-options.ts";
import type { SyncReport } from "./report.ts";

/**
 * Reads the whole source, compares it with the ledger and gives a plan. Writes nothing. If there is something to send, it
 * asks Oplead for its profiles, and with `checks` for the countries of the users.
 *
 * ```ts
 * const plan = await planSync(oplead, { source: rows, map: toUser, ledger: fileLedger("./ledger") });
 * console.log(String(plan));
 * const report = await plan.apply();
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`; `source_failed` if the source throws; `ledger_unavailable`;
 * `ledger_mismatch` if the ledger belongs to another platform; `unauthorized`; `aborted`.
 */
export async function planSync<SourceRecord>(oplead: Oplead, options: SyncOptions<SourceRecord>): Promise<SyncPlan> {
  checkPlanOptions(options);
  return createPlan(await preparePlan(oplead, options));
}

/**
 * Plans and applies: what a scheduled job calls. The report says what became of every user.
 *
 * @throws {@link OpleadError} what {@link planSync} throws, and {@link SyncGuardError}, whose `plan` can be looked at and
 * applied after all.
 */
export async function syncUsers<SourceRecord>(oplead: Oplead, options: SyncOptions<SourceRecord>): Promise<SyncReport> {
  checkPlanOptions(options);
  const prepared = await preparePlan(oplead, options);
  return applyPlan(createPlan(prepared), prepared, {}, true);
}
