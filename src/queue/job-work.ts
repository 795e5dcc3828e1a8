import { OpleadError } from "../base/errors.ts";
import type { OpleadLogger } from "../base/observe.ts";
import { observer } from "../base/observe.ts";
import { sourceUserOf } from "../reconcile/content.ts";
import { reconcileUser } from "../reconcile/reconcile.ts";
import type { Reconciliation } from "../reconcile/reconciliation.ts";
import type { Inbox, InboxRecord } from "./inbox.ts";
import { type JobData, type JobResult, storedResult } from "./job.ts";
import type { UserWorkerOptions } from "./options.ts";

/**
 * What a job stands for: bringing its user to the newest state of the inbox, until that is acknowledged. When `signal` is
 * aborted, the requests under way end.
 *
 * @throws {@link OpleadError} `invalid_options` if the job is of another mode than the client; what {@link reconcileUser} throws.
 */
export function jobWork(
  inbox: Inbox,
  logger: OpleadLogger | undefined,
  options: UserWorkerOptions,
  signal: AbortSignal,
): (job: JobData) => Promise<JobResult> {
  const { oplead, ledger, load } = options;
  const onUser = observer(logger)("onUser", options.onUser);

  async function reconcile({ accountNumber, user }: InboxRecord): Promise<Reconciliation | undefined> {
    const source = load ? await load(accountNumber) : user && sourceUserOf(user);
    if (!source) return undefined;
    // A queued state comes because something changed, so what is held is tried again only if its content did.
    const result = await reconcileUser(oplead, ledger, source, { signal });
    onUser?.(result);
    const pending = result.failed.find(({ held }) => !held);
    if (pending) throw pending.error;
    return result;
  }

  return async ({ key, testMode }) => {
    if (testMode !== oplead.testMode) {
      // The refused job stays in the failed set; a state that arrives later needs a job that another worker can take.
      await inbox.take(key);
      const [job, client] = testMode ? ["a test", "not in test mode"] : ["for production", "in test mode"];
      const message = `The job is ${job}, and this worker's client is ${client}. Nothing was sent.`;
      throw new OpleadError("invalid_options", message);
    }
    let result: Reconciliation | undefined;
    for (;;) {
      const record = await inbox.take(key);
      if (!record) break;
      result = (await reconcile(record)) ?? result;
      if (await inbox.acknowledge(key, record.sequence)) break;
    }
    return result === undefined ? null : storedResult(result);
  };
}
