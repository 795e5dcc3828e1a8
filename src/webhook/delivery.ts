import type { Oplead } from "../client/api.ts";
import { isOpleadError, type OpleadError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
// Not from the room's index, which leads to the file ledger, and with it to Node's modules.
import { reconcileUser } from "../reconcile/reconcile.ts";
import { isRefusedForGood } from "../reconcile/refusal.ts";
import { showIdentity } from "../redact.ts";
import { type Answer, done, later, type Told } from "./answers.ts";
import type { RejectedStep, WebhookEntry, WebhookOutcome, WebhookRejection, WebhookSettings } from "./options.ts";

/** What became of an entry. */
interface Arrived {
  readonly outcome: WebhookOutcome["outcome"];
  readonly id: string | undefined;
  readonly requests: number;
  /** What Oplead refused for good; empty unless the outcome is `rejected`. */
  readonly failed: readonly RejectedStep[];
}

/** Brings the entries of deliveries to Oplead and makes the sender's answer of what comes back. */
export class Delivery {
  readonly #oplead: Oplead;
  readonly #settings: WebhookSettings<never>;
  #warned = false;

  constructor(oplead: Oplead, settings: WebhookSettings<never>) {
    this.#oplead = oplead;
    this.#settings = settings;
  }

  /**
   * One entry after the other, as the event lists them: a parent may stand before its children. Stops at the first that
   * has to come again, because then all come again.
   */
  async deliver(entries: readonly WebhookEntry[], deliveryId: string | undefined): Promise<Answer> {
    const { testMode } = this.#oplead;
    const results: Told[] = [];
    for (const entry of entries) {
      const name = `${describe(deliveryId, testMode)}: user ${showIdentity(entry.user.accountNumber ?? "")}`;
      try {
        results.push(await this.#tell(await this.#send(entry), entry, deliveryId, name));
      } catch (error) {
        return this.comeAgain(error, name);
      }
    }
    const isRejected = results.some(({ outcome }) => outcome === "rejected");
    return done(results, testMode, isRejected ? this.#settings.rejectedStatus : 200);
  }

  /** Both ways, events for one user wait for each other. Throws what has to come again. */
  #send(entry: WebhookEntry): Promise<Arrived> {
    const { ledger, logger } = this.#settings;
    if (ledger) return this.#compareAndSend(entry, ledger);
    if (entry.version !== undefined && !this.#warned) {
      this.#warned = true;
      logger?.warn("oplead-sdk: webhook: map gives versions, but without a ledger older events undo newer ones");
    }
    return this.#sendAll(entry);
  }

  async #sendAll({ user, rules }: WebhookEntry): Promise<Arrived> {
    try {
      return { ...(await this.#oplead.upsertUser(user, { rules })), failed: [] };
    } catch (error) {
      const failed = isOpleadError(error) ? refusalsIn(error) : undefined;
      if (!isOpleadError(error) || !failed) throw error;
      return { outcome: "rejected", id: error.id, requests: error.attempts ?? 0, failed };
    }
  }

  async #compareAndSend(entry: WebhookEntry, ledger: Ledger): Promise<Arrived> {
    const { now } = this.#settings;
    // A delivery that comes, comes because something happened, or because somebody sent it again by hand after putting
    // something right in Oplead. So what is held is tried; it is the batch, which comes every night, that leaves it alone.
    const result = await reconcileUser(this.#oplead, ledger, entry, { retryHeld: true, now });
    const { failed, outcome, id, requests } = result;
    const passing = failed.find(({ held }) => !held);
    if (passing) throw passing.error;
    const isRejected = failed.length > 0 || outcome === "failed" || outcome === "held";
    return { outcome: isRejected ? "rejected" : outcome, id, requests, failed };
  }

  /** Tells whoever wants to know. An entry nobody has taken charge of is not done, so a failing `onRejected` is thrown. */
  async #tell(arrived: Arrived, entry: WebhookEntry, deliveryId: string | undefined, name: string): Promise<Told> {
    const { logger, onOutcome, onRejected } = this.#settings;
    const { outcome, id, requests, failed } = arrived;
    const [first] = failed;
    const refusal = first && { error: first.error, failed };
    const facts = { outcome, deliveryId, testMode: this.#oplead.testMode, id, requests, ...refusal };
    const told = Object.defineProperty(facts, "entry", { get: () => entry }) as typeof facts & { entry: WebhookEntry };
    if (refusal) {
      const steps = failed.map(({ step, error }) => `\n  - ${step}: ${error.message}`).join("");
      logger?.[onRejected ? "info" : "error"](`oplead-sdk: ${name}: rejected${steps}`);
      await onRejected?.(told as WebhookRejection);
    } else logger?.info(`oplead-sdk: ${name}: ${outcome}`);
    observe(onOutcome, told, () => logger?.error(`oplead-sdk: ${name}: onOutcome failed; the delivery goes on`));
    return refusal ? { outcome, code: refusal.error.code } : { outcome };
  }

  /** The answer to a delivery that failed for now; `name` is how its line in the log begins. */
  comeAgain(error: unknown, name: string): Answer {
    const { logger } = this.#settings;
    const notRecorded = "The delivery could not be recorded. Send it again.";
    if (!isOpleadError(error)) {
      logger?.error(
        `oplead-sdk: ${name}: ${nameOf(error)}, thrown by the ledger or by onRejected; it has to come again`,
      );
      return later("not_recorded", notRecorded);
    }
    const isLedger = error.code === "ledger_unavailable";
    // With these nothing arrives until somebody changes the configuration; the sender keeps the events meanwhile.
    const needsHelp = isLedger || error.code === "unauthorized" || error.code === "forbidden" || !error.retryable;
    logger?.[needsHelp ? "error" : "warn"](`oplead-sdk: ${name}: it has to come again. ${error.message}`);
    if (isLedger) return later("not_recorded", notRecorded);
    return later("oplead_unavailable", "Oplead cannot take it now. Send it again.", error.retryAfterMs);
  }
}

/** The steps that Oplead refused for good; undefined when anything else failed, so that trying again has a point. */
function refusalsIn(error: OpleadError): RejectedStep[] | undefined {
  const { rules } = error;
  const failed = rules
    ? rules.failed.map(({ rule, error }) => ({ step: rule as RejectedStep["step"], error }))
    : [{ step: "user" as const, error }];
  const isForGood = failed.every(({ step, error }) => isRefusedForGood(step, error)) && !rules?.notSent.length;
  return isForGood ? failed : undefined;
}

/** How log lines begin. */
export function describe(deliveryId: string | undefined, testMode: boolean): string {
  const id = deliveryId === undefined ? "" : ` ${showIdentity(deliveryId)}`;
  return `webhook delivery${id}${testMode ? " (test mode)" : ""}`;
}

/** Messages of errors that are not ours may quote anything. */
export function nameOf(error: unknown): string {
  return error instanceof Error && /^\w{1,60}$/.test(error.name) ? `a ${error.name}` : "something that is no Error";
}

function observe<T>(observer: ((event: T) => unknown) | undefined, event: T, complain: () => void): void {
  if (!observer) return;
  try {
    Promise.resolve(observer(event)).catch(complain);
  } catch {
    complain();
  }
}
