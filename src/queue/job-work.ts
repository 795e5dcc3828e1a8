import { OpleadError } from "../errors.ts";
import { observer } from "../observe.ts";
import { reconcileUser } from "../reconcile/reconcile.ts";
import type { Reconciliation } from "../reconcile/reconciliation.ts";
import type { Inbox, InboxRecord } from "./inbox.ts";
import type { JobData, JobResult } from "./job.ts";
import type { UserWorkerOptions } from "./options.ts";
import { storedResult } from "./result.ts";
import { revivedUser } from "./stored-user.ts";
import type { WorkerContext } from "./worker-context.ts";

/** What a job stands for: bringing its user to the newest state of the inbox. */
export class JobWork {
  readonly #options: Pick<UserWorkerOptions, "oplead" | "ledger" | "load">;
  readonly #inbox: Inbox;
  readonly #signal: AbortSignal;
  readonly #onUser: ((result: Reconciliation) => void) | undefined;

  /** When `signal` is aborted, the requests under way end. */
  constructor({ inbox, logger }: WorkerContext, options: UserWorkerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#inbox = inbox;
    this.#signal = signal;
    this.#onUser = observer(logger)("onUser", options.onUser);
  }

  /**
   * Works until the newest state of the user is acknowledged.
   *
   * @throws {@link OpleadError} `invalid_options` if the job is of another mode than the client; what {@link reconcileUser} throws.
   */
  async run({ key, testMode }: JobData): Promise<JobResult> {
    if (testMode !== this.#options.oplead.testMode) {
      // The refused job stays in the failed set; a state that arrives later needs a job that another worker can take.
      await this.#inbox.take(key);
      throw new OpleadError(
        "invalid_options",
        testMode
          ? "The job is a test, and this worker's client is not in test mode. Nothing was sent."
          : "The job is for production, and this worker's client is in test mode. Nothing was sent.",
      );
    }
    let result: Reconciliation | undefined;
    for (;;) {
      const record = await this.#inbox.take(key);
      if (!record) break;
      result = (await this.#reconcile(record)) ?? result;
      if (await this.#inbox.acknowledge(key, record.sequence)) break;
    }
    return result === undefined ? null : storedResult(result);
  }

  async #reconcile({ accountNumber, user }: InboxRecord): Promise<Reconciliation | undefined> {
    const { oplead, ledger, load } = this.#options;
    const source = load ? await load(accountNumber) : user && revivedUser(user);
    if (!source) return undefined;
    // A queued state comes because something changed, so what is held is tried again only if its content did.
    const result = await reconcileUser(oplead, ledger, source, { signal: this.#signal });
    this.#onUser?.(result);
    const pending = result.failed.find(({ held }) => !held);
    if (pending) throw pending.error;
    return result;
  }
}
