import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { isOpleadError, type OpleadError } from "../core/errors.ts";
import { observer } from "../core/log.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { platformOf } from "../ledger/bind.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { SourceUser } from "../reconcile/content.ts";
import { aroundUser, reconcileUser } from "../reconcile/reconcile.ts";
import { type FailedStep, isRefusedForGood } from "../reconcile/reconciliation.ts";
import { type EntryResult, handled, kindOf, type SenderAnswer, sendAgain, type Tell, tellOf } from "./log.ts";
import type { CommonSettings, WebhookOutcome, WebhookQueue, WebhookRefusal } from "./options.ts";

/** The result of sending an entry. */
interface SentEntry
  extends Pick<WebhookOutcome, "outcome" | "id" | "requests">,
    Partial<Pick<WebhookOutcome, "requestIds" | "fields">> {
  /** The steps that Oplead refused; empty unless the outcome is `failed` or `incomplete`. */
  readonly failed: readonly FailedStep[];
  /** {@link Reconciliation.waitsFor}. */
  readonly waitsFor?: string | undefined;
}

/** Clients whose webhooks have warned of versions. By client, because on edge workers each request may have a webhook of its own. */
const warnedOfVersions = new WeakSet<Oplead>();

/** Reconciles the entries of a delivery, or hands them to a queue, and makes the sender's answer from the outcomes. */
export class EntryReconciler {
  readonly #oplead: Oplead;
  readonly #settings: CommonSettings;
  readonly #onOutcome: ((outcome: WebhookOutcome) => void) | undefined;

  constructor(oplead: Oplead, settings: CommonSettings) {
    this.#oplead = oplead;
    this.#settings = settings;
    this.#onOutcome = observer(settings.logger)("onOutcome", settings.onOutcome);
  }

  /**
   * Handles one entry after the other, in the order of the event, and then again those that waited for a parent later in the event. Stops at
   * the first entry that fails temporarily, because the sender then sends all of them again.
   */
  async reconcileAll(entries: readonly SourceUser[], deliveryId: string | undefined): Promise<SenderAnswer> {
    const { testMode } = this.#oplead;
    const results: EntryResult[] = [];
    let waiting = [...entries.keys()];
    for (let before = Number.POSITIVE_INFINITY; waiting.length > 0; ) {
      // No entry of this round was a parent that they wait for. The sender keeps them, and the parent has a delivery of its own.
      if (waiting.length === before) return this.#waitForParent(deliveryId);
      before = waiting.length;
      const round = waiting;
      waiting = [];
      for (const at of round) {
        const entry = entries[at] as SourceUser; // a key of the list
        const tell = tellOf(this.#settings.logger, testMode, deliveryId, entry.user.accountNumber);
        try {
          const sent = await this.#send(entry);
          if (sent.waitsFor === undefined) results[at] = await this.#report(sent, entry, deliveryId, tell);
          else waiting.push(at);
        } catch (error) {
          return this.askAgain(error, tell);
        }
      }
    }
    return handled(results, testMode, this.#settings.queue ? 202 : 200);
  }

  /** Sends an entry; throws if the sender has to send it again. Events for one user wait for each other, with a ledger and without. */
  #send(entry: SourceUser): Promise<SentEntry> {
    const { queue, ledger, logger } = this.#settings;
    if (queue) return this.#enqueue(queue, entry);
    if (ledger) return this.#reconcile(entry, ledger);
    if (entry.version !== undefined && !warnedOfVersions.has(this.#oplead)) {
      warnedOfVersions.add(this.#oplead);
      const risk = "without a ledger an older event overwrites a newer one";
      logger.warn(`oplead-sdk: webhook: map returns versions, but ${risk}`, { event: "versions_ignored" });
    }
    const user = { user: entry.user.accountNumber ?? "", testMode: this.#oplead.testMode };
    return aroundUser(internalsOf(this.#oplead).transport, user, () => this.#upsert(entry));
  }

  async #enqueue(queue: WebhookQueue, entry: SourceUser): Promise<SentEntry> {
    const platform = platformOf(this.#oplead);
    await queue.enqueue(entry, { testMode: this.#oplead.testMode, retryHeld: true, platform });
    return { outcome: "queued", id: undefined, requests: 0, failed: [] };
  }

  async #upsert({ user, rules }: SourceUser): Promise<SentEntry> {
    try {
      return { ...(await this.#oplead.upsertUser(user, { rules })), failed: [] };
    } catch (error) {
      const failed = isOpleadError(error) ? refusalsIn(error) : undefined;
      if (!isOpleadError(error) || !failed) throw error;
      const outcome = error.rules ? "incomplete" : "failed";
      return { outcome, id: error.id, requests: error.attempts ?? 0, failed };
    }
  }

  async #reconcile(entry: SourceUser, ledger: Ledger): Promise<SentEntry> {
    const { now } = this.#settings;
    // A delivery comes because something changed, or because an operator repeats it after correcting something in Oplead.
    // So held steps are tried. Only the nightly batch leaves them alone.
    const result = await reconcileUser(this.#oplead, ledger, entry, { retryHeld: true, now });
    const { failed, outcome, id, requests, requestIds, fields, waitsFor } = result;
    const pending = failed.find(({ held }) => !held);
    if (pending) throw pending.error;
    // Held steps were tried, so `held` means that they failed again. The refusal of a state that a newer one has replaced does not count.
    const known = outcome === "held" ? "failed" : outcome;
    return { outcome: known, id, requests, requestIds, fields, failed: outcome === "stale" ? [] : failed, waitsFor };
  }

  #waitForParent(deliveryId: string | undefined): SenderAnswer {
    const what =
      "a user is refused, perhaps because Oplead does not have its parent yet; the sender shall send it again";
    const tell = tellOf(this.#settings.logger, this.#oplead.testMode, deliveryId);
    tell("warn", "delivery_postponed", what, { code: "waits_for_parent" });
    return sendAgain("waits_for_parent", "A user may have to wait for its parent. Send it again.");
  }

  /** Logs the outcome and calls the observers. Throws if `onRefused` does, because then the refusal is not recorded. */
  async #report(
    { outcome, id, requests, requestIds = [], fields = [], failed }: SentEntry,
    entry: SourceUser,
    deliveryId: string | undefined,
    tell: Tell,
  ): Promise<EntryResult> {
    const { onRefused } = this.#settings;
    const [first] = failed;
    const refusal = first && { error: first.error, failed };
    const facts = {
      outcome,
      deliveryId,
      testMode: this.#oplead.testMode,
      id,
      requests,
      requestIds,
      fields,
      ...refusal,
    };
    const event = Object.defineProperty(facts, "entry", { get: () => entry }) as typeof facts & { entry: SourceUser };
    if (refusal) {
      const steps = failed.map(({ step, error }) => `\n  - ${step}: ${error.message}`).join("");
      const { code } = refusal.error;
      tell(onRefused ? "info" : "error", "user_refused", `${outcome}${steps}`, { outcome, code });
      await onRefused?.(event as WebhookRefusal);
    } else tell("info", "user_done", outcome, { outcome });
    this.#onOutcome?.(event);
    return refusal ? { outcome, code: refusal.error.code } : { outcome };
  }

  /** The answer to a delivery that failed temporarily. `tell` writes its line in the log. */
  askAgain(error: unknown, tell: Tell): SenderAnswer {
    const notRecorded = "The delivery could not be recorded. Send it again.";
    if (!isOpleadError(error)) {
      const what = `the ledger, the queue or onRefused threw ${kindOf(error)}`;
      tell("error", "delivery_postponed", `${what}; the sender shall send it again`, { code: "not_recorded" });
      return sendAgain("not_recorded", notRecorded);
    }
    const isStore = STORE_FAILURES.has(error.code);
    // These stay until an operator changes the configuration. The sender keeps the events meanwhile.
    const needsHelp =
      (isStore && error.code !== "ledger_conflict") ||
      error.code === "token_unavailable" ||
      error.code === "unauthorized" ||
      error.code === "forbidden" ||
      !error.retryable;
    const what = `the sender shall send it again. ${error.message}`;
    tell(needsHelp ? "error" : "warn", "delivery_postponed", what, { code: error.code });
    if (isStore) return sendAgain("not_recorded", notRecorded);
    return sendAgain("oplead_unavailable", "Oplead cannot take it now. Send it again.", error.retryAfterMs);
  }
}

const STORE_FAILURES = new Set<OpleadErrorCode>(["ledger_unavailable", "ledger_conflict", "queue_unavailable"]);

/** The refused steps; undefined if a step failed for another reason, so that trying again may help. */
function refusalsIn(error: OpleadError): FailedStep[] | undefined {
  const { rules } = error;
  const failed = rules
    ? rules.failed.map(({ rule, error }) => ({ step: rule as FailedStep["step"], error, held: true }))
    : [{ step: "user" as const, error, held: true }];
  const isFinal = failed.every(({ step, error }) => isRefusedForGood(step, error));
  return isFinal && !rules?.notSent.length ? failed : undefined;
}
