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
import type { Inbox, InboxRecord } from "./inbox.ts";
import { platformTag, stateLost, storedResult, type UserKey } from "./job.ts";
import type { UserWorkerOptions } from "./options.ts";

export type Refusal = "other_platform" | "other_mode" | "unknown_key" | "waits_for_parent";

export interface JobSubject {
  accountNumber?: string;
}

export interface JobOutcome {
  // Also `stale` if another job has synced a newer state, or the source no longer has the user.
  readonly outcome: Reconciliation["outcome"];
  readonly requests: number;
}

export interface TakenJob extends UserKey {
  readonly id: string;
  // A killed worker had the job and may have sent the user.
  readonly wasKilled: boolean;
}

// Sends the inbox's newest state. A state that arrives meanwhile gets the next job.
export function jobWork(
  oplead: Oplead,
  inbox: Inbox,
  { ledger, load, lockMs = 30_000, ...options }: UserWorkerOptions,
): (job: TakenJob, signal: AbortSignal, about?: JobSubject) => Promise<JobOutcome | Refusal> {
  const onUser = observer(internalsOf(oplead).transport.settings.logger)("onUser", options.onUser);
  const own = platformTag(identityOf(platformOf(oplead)));

  async function reconcile(
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
    return result;
  }

  // Sends the newest state again if the entry shows that a process that stood still sent an older state after the
  // acknowledgement.
  async function repair(key: string, { sequence }: InboxRecord, signal: AbortSignal): Promise<void> {
    const newest = await inbox.kept(key);
    if (newest && newest.sequence !== sequence) await reconcile({ ...newest, options: undefined }, signal);
  }

  return async ({ key, testMode, platform, id, wasKilled }, signal, about = {}) => {
    if (platform !== own) return "other_platform";
    if (testMode !== oplead.testMode) return "other_mode";
    const record = await inbox.take(key, id);
    if (record === "unreadable") return "unknown_key";
    if (record === "lost") throw stateLost();
    if (record === "acknowledged") return NOTHING;
    about.accountNumber = showIdentity(record.accountNumber);
    let result: Reconciliation | undefined;
    try {
      result = await reconcile(record, signal, wasKilled);
      const pending = result?.failed.find(({ held }) => !held);
      if (pending) throw pending.error;
    } catch (error) {
      await repair(key, record, signal);
      // The next job sends the newer state at once, with attempts of its own.
      if (!(await inbox.note(key, record, result && { revision: result.revision, isRetried: false }))) return NOTHING;
      throw error;
    }
    // An event's state waits for the parent, because no further event may come. A later run tries a run's state again.
    if (result?.waitsFor !== undefined && record.isOwed) {
      await inbox.note(key, record, { revision: result.revision, isRetried: true });
      return "waits_for_parent";
    }
    const stored = result ? storedResult(result) : null;
    const state = await inbox.acknowledge(key, record, stored, 2 * lockMs);
    if (state === "late") await repair(key, record, signal);
    return { outcome: result?.outcome ?? "stale", requests: result?.requests ?? 0 };
  };
}

const NOTHING: JobOutcome = { outcome: "stale", requests: 0 };
