import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { observer } from "../core/log.ts";
import { showIdentity } from "../core/redact.ts";
import { bindLedger, identityOf, platformOf } from "../ledger/bind.ts";
import { tellQueue } from "../locales/en/webhook.ts";
import { readContent, sourceUserOf } from "../reconcile/content.ts";
import { reconcileContent } from "../reconcile/reconcile.ts";
import { outcomeOf, type Reconciliation } from "../reconcile/reconciliation.ts";
import type { EndJob, Inbox, InboxRecord } from "./inbox.ts";
import { type JobData, stateLost, storedResult } from "./job.ts";
import type { UserQueueOptions, UserWorkerOptions } from "./options.ts";

export type Refusal = "other_platform" | "other_mode" | "unknown_key" | "waits_for_parent";

export interface JobSubject {
  accountNumber?: string;
}

export interface JobSteps {
  readonly taken?: unknown;
  readonly end?: (outcome: JobOutcome["outcome"], run: Parameters<EndJob>[0]) => Promise<void>;
}

export interface JobOutcome {
  // Also `stale` if another job has synced a newer state, or the source no longer has the user.
  readonly outcome: Reconciliation["outcome"];
  readonly requests: number;
}

// Works until the inbox's newest state is acknowledged. `wasKilled`: a killed worker had the job and may have sent the
// user.
export function jobWork(
  oplead: Oplead,
  inbox: Inbox,
  logger: UserQueueOptions["logger"],
  { ledger, load, lockMs = 30_000, ...options }: UserWorkerOptions,
): (
  job: JobData,
  signal: AbortSignal,
  wasKilled?: boolean,
  about?: JobSubject,
  steps?: JobSteps,
) => Promise<JobOutcome | Refusal> {
  const onUser = observer(logger)("onUser", options.onUser);
  const own = identityOf(platformOf(oplead));

  async function reconcile(
    key: string,
    record: InboxRecord,
    signal: AbortSignal,
    wasKilled = false,
  ): Promise<Reconciliation | undefined> {
    const { accountNumber, user, options: sending } = record;
    // What `load` has just read is newer than any plan.
    const expectedRevision = load ? undefined : record.expectedRevision;
    if (!load && !user) {
      const issue = issueAt("load", tellQueue("load_needed"));
      throw invalid("invalid_options", "The worker does not know the user; nothing was sent.", [issue]);
    }
    const source = load ? await load(accountNumber) : user && sourceUserOf(user);
    if (!source) return undefined;
    const content = readContent(source, internalsOf(oplead).transport.settings);
    if (!("userHash" in content)) throw invalid("invalid_input", "The user is not valid; nothing was sent.", content);
    if (content.accountNumber !== accountNumber) {
      const issue = issueAt("user.accountNumber", tellQueue("other_user"));
      throw invalid("invalid_input", "load gave another user; nothing was sent.", [issue]);
    }
    await bindLedger(ledger, oplead, { readOnly: oplead.testMode });
    const carrier = { traceparent: record.traceparent };
    const how = { ...sending, expectedRevision, carrier };
    const result = await reconcileContent(oplead, ledger, content, { signal }, how);
    const isOfKilled = wasKilled && result.outcome === "unchanged";
    onUser?.(isOfKilled ? { ...outcomeOf(result), killed: true } : outcomeOf(result));
    const pending = result.failed.find(({ held }) => !held);
    if (!pending) return result;
    await inbox.note(key, record, result.revision, false);
    throw pending.error;
  }

  // Sends the newest state again if the entry shows that a process that stood still sent an older state after the
  // acknowledgement.
  async function repair(key: string, { sequence }: InboxRecord, signal: AbortSignal): Promise<void> {
    const newest = await inbox.kept(key);
    if (newest && newest.sequence !== sequence) await reconcile(key, { ...newest, options: undefined }, signal);
  }

  return async ({ key, testMode, platform }, signal, wasKilled, about = {}, { taken, end } = {}) => {
    if (platform !== own) return "other_platform";
    if (testMode !== oplead.testMode) return "other_mode";
    const done: { outcome: JobOutcome["outcome"]; requests: number } = { outcome: "stale", requests: 0 };
    const endWith = end && ((run: Parameters<EndJob>[0]) => end(done.outcome, run));
    for (let given = taken; ; given = undefined) {
      const record = await inbox.take(key, given);
      if (record === "unreadable") return "unknown_key";
      if (record === "lost") throw stateLost();
      if (record === "acknowledged") return done;
      about.accountNumber = showIdentity(record.accountNumber);
      const result = await reconcile(key, record, signal, wasKilled).catch(async (error: unknown) => {
        await repair(key, record, signal);
        throw error;
      });
      if (result) done.outcome = result.outcome;
      done.requests += result?.requests ?? 0;
      // An event's state waits for the parent, because no further event may come. A later run tries a run's state
      // again.
      if (result?.waitsFor !== undefined && record.isOwed) {
        await inbox.note(key, record, result.revision, true);
        return "waits_for_parent";
      }
      const stored = result ? storedResult(result) : null;
      const state = await inbox.acknowledge(key, record, stored, 2 * lockMs, endWith);
      if (state === "late") await repair(key, record, signal);
      if (state !== "newer") return done;
    }
  };
}
