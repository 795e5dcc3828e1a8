import type { Oplead } from "../client/api.ts";
import { type CheckedUser, checkUser } from "../client/check-input.ts";
import { internalsOf } from "../client/client-state.ts";
import { type FailedStep, isOpleadError } from "../core/errors.ts";
import { issueAt, type OpleadIssue, within } from "../core/issues.ts";
import { observer } from "../core/log.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { issuesIn } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { bindLedger, describe as platformName, platformOf } from "../ledger/bind.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isVersion } from "../ledger/version.ts";
import { tellContent } from "../locales/en/core.ts";
import { tellWebhook } from "../locales/en/webhook.ts";
import { type Content, keyIssues, readContent, type SourceUser } from "../reconcile/content.ts";
import { aroundUser, reconcileContent } from "../reconcile/reconcile.ts";
import { isRefusedForGood, type WebhookOutcome } from "../reconcile/reconciliation.ts";
import { tryRules } from "../rules/rules.ts";
import type { UserOptions } from "../user/user.ts";
import { type EntryResult, handled, kindOf, type SenderAnswer, sendAgain, type Tell, tellOf } from "./log.ts";
import {
  type CommonSettings,
  type MappedEvent,
  readWebhookOptions,
  type UserWebhookOptions,
  type WebhookQueue,
  type WebhookSettings,
} from "./options.ts";
import { type Received, Receiver } from "./receiver.ts";

/**
 * Takes a delivery and answers its sender. Never rejects. `waitUntil` of the run time keeps an edge worker alive for work
 * that goes on after the answer.
 */
export type UserWebhook = (
  request: Request,
  context?: { waitUntil?(work: Promise<unknown>): void },
) => Promise<Response>;

/**
 * A handler that syncs the users of a source system's webhook to Oplead (guide, case 1). 200 and 202: handled. 4xx: the
 * delivery is wrong, and repeating it changes nothing. 503: send it again after `Retry-After`.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 *
 * @example
 * ```ts
 * const handler = createUserWebhook(oplead, {
 *   verify: standardWebhooks({ secrets: [process.env.WEBHOOK_SECRET ?? ""] }),
 *   map: (event: EmployeeEvent) => ({ user: toUser(event.employee), version: event.updatedAt }),
 *   ledger: memoryLedger(),
 * });
 * app.post("/webhooks/employees", (c) => handler(c.req.raw)); // Hono
 * ```
 */
export function createUserWebhook<Event = unknown, Mapped extends MappedEvent = MappedEvent>(
  oplead: Oplead,
  options: UserWebhookOptions<Event, Mapped>,
): UserWebhook {
  const settings = readWebhookOptions(options, internalsOf(oplead).transport.settings.logger);
  const { logger } = settings;
  const webhook = new Webhook(oplead, settings);
  if (oplead.testMode)
    logger.info("oplead-sdk: the webhook is in test mode, nothing will be persisted", { event: "test_mode" });
  return (request, context) => webhook.receiver.respond(request, context);
}

class Webhook<Event> {
  readonly receiver: Receiver<Event>;
  readonly #settings: WebhookSettings<Event>;
  readonly #testMode: boolean;
  // The client's options about users.
  readonly #users: UserOptions;
  readonly #reconciler: EntryReconciler;

  constructor(oplead: Oplead, settings: WebhookSettings<Event>) {
    const { testMode } = oplead;
    const client = internalsOf(oplead).transport.settings;
    this.#settings = settings;
    this.#users = client;
    this.#testMode = testMode;
    this.#reconciler = new EntryReconciler(oplead, settings);
    const name = `${testMode ? "test " : ""}${platformName(platformOf(oplead))}`;
    const leaseMs = LEASE_DEADLINES * client.deadlineMs;
    this.receiver = new Receiver(settings, { testMode, name, leaseMs }, (received) => this.#reconcile(received));
  }

  async #reconcile(received: Received<Event>): Promise<SenderAnswer> {
    const mapped = await this.#map(received);
    if ("status" in mapped) return mapped;
    if (mapped.length === 0) return handled([{ outcome: "ignored" }], this.#testMode);
    return this.#reconciler.reconcileAll(mapped, received.deliveryId);
  }

  async #map({ event, headers, deliveryId }: Received<Event>): Promise<readonly CheckedEntry[] | SenderAnswer> {
    const tell = this.receiver.tellOf(deliveryId);
    try {
      const mapped = listEntries(await this.#settings.map(event, { headers, deliveryId }));
      const { entries, issues } = checkEntries(mapped, this.#users, this.#settings.ledger !== undefined);
      return issues.length === 0 ? entries : this.receiver.refuseEvent(issues, tell);
    } catch (error) {
      const isOurs = isOpleadError(error);
      // A refusal by Oplead, which `map` asked, is no mistake of the event.
      const issues = isOurs && error.code !== "invalid_input" ? undefined : issuesIn(error, isOurs);
      if (issues) return this.receiver.refuseEvent(issues, tell);
      if (isOurs && error.retryable) return this.#reconciler.askAgain(error, tell);
      return this.receiver.broken("map", error, tell, "The event could not be mapped.");
    }
  }
}

// How long a crashed receiver keeps its claim, in multiples of `deadlineMs`; entries usually take less.
const LEASE_DEADLINES = 2;

function listEntries(mapped: unknown): readonly SourceUser[] {
  // `undefined` is probably a missing `return`. As "ignore" it would lose every event.
  if (mapped === undefined) throw new TypeError("map returned undefined; it returns null for an event to ignore");
  if (mapped === null) return [];
  return Array.isArray(mapped) ? mapped : [mapped as SourceUser];
}

// What was checked is what is sent.
interface CheckedEntry {
  readonly source: SourceUser;
  readonly accountNumber: string;
  readonly checked: CheckedUser;
  // Undefined without a ledger.
  readonly content: Content | undefined;
}

// One problem stops the whole delivery. Problems quote no value.
export function checkEntries(
  given: readonly unknown[],
  options: UserOptions,
  isCompared = true,
): { readonly entries: readonly CheckedEntry[]; readonly issues: readonly OpleadIssue[] } {
  const entries: CheckedEntry[] = [];
  const issues: OpleadIssue[] = [];
  for (const [index, entry] of given.entries()) {
    const checked = checkEntry(entry, options, isCompared);
    if ("source" in checked) entries.push(checked);
    else issues.push(...(given.length === 1 ? checked : checked.map((found) => within(`[${index}]`, found))));
  }
  return { entries, issues };
}

function checkEntry(entry: unknown, options: UserOptions, isCompared: boolean): CheckedEntry | readonly OpleadIssue[] {
  if (!isObject(entry)) return [issueAt("", tellWebhook("not_entry"))];
  const { user, rules, version } = entry;
  const checked = checkUser(user, options);
  const issues = checked.issues.map((found) => within("user", found));
  issues.push(...keyIssues(entry));
  if (isObject(user) && user.accountNumber === undefined) {
    issues.push(issueAt("user.accountNumber", tellWebhook("event_needs_account_number")));
  }
  if (rules !== undefined) {
    tryRules(rules, (_rule, found) => issues.push(within("rules", found)));
  }
  if (version !== undefined && !isVersion(version)) issues.push(issueAt("version", tellContent("not_version")));
  if (issues.length > 0) return issues;
  const source = entry as unknown as SourceUser; // Safe: it has no problem.
  const accountNumber = checked.toSend.accountNumber as string; // Safe: a user without one has a problem.
  if (!isCompared) return { source, accountNumber, checked, content: undefined };
  const content = readContent(source, options, checked);
  return "userHash" in content ? { source, accountNumber, checked, content } : content;
}

interface SentEntry {
  readonly outcome: WebhookOutcome["outcome"];
  readonly id: string | undefined;
  readonly requests: number;
  readonly requestIds?: readonly string[];
  readonly fields?: readonly string[];
  readonly applied?: WebhookOutcome["applied"];
  // Empty unless the outcome is `failed` or `incomplete`.
  readonly failed: readonly FailedStep[];
  // {@link Reconciliation.waitsFor}
  readonly waitsFor?: string | undefined;
}

// By client: on edge workers each request may make a webhook of its own.
const warnedOfVersions = new WeakSet<Oplead>();

class EntryReconciler {
  readonly #oplead: Oplead;
  readonly #settings: CommonSettings;
  readonly #onOutcome: ((outcome: WebhookOutcome) => void) | undefined;

  constructor(oplead: Oplead, settings: CommonSettings) {
    this.#oplead = oplead;
    this.#settings = settings;
    this.#onOutcome = observer(settings.logger)("onOutcome", settings.onOutcome);
  }

  // In the event's order; entries whose parent comes later are tried again. Stops at the first temporary failure: the
  // sender then sends all again.
  async reconcileAll(entries: readonly CheckedEntry[], deliveryId: string | undefined): Promise<SenderAnswer> {
    const { testMode } = this.#oplead;
    const results: EntryResult[] = [];
    let waiting = [...entries.keys()];
    for (let before = Number.POSITIVE_INFINITY; waiting.length > 0; ) {
      // The parent is not in this delivery, and may have arrived at the next attempt.
      if (waiting.length === before) return this.#waitForParent(deliveryId);
      before = waiting.length;
      const round = waiting;
      waiting = [];
      for (const at of round) {
        const entry = entries[at] as CheckedEntry; // Safe: a key of the list.
        const tell = tellOf(this.#settings.logger, testMode, deliveryId, entry.accountNumber);
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

  // Throws if the sender has to send the delivery again. Events of one user wait for each other.
  #send({ source, accountNumber, checked, content }: CheckedEntry): Promise<SentEntry> {
    const { queue, ledger, logger } = this.#settings;
    if (queue) return this.#enqueue(queue, source);
    if (ledger && content) return this.#reconcile(content, ledger);
    if (source.version !== undefined && !warnedOfVersions.has(this.#oplead)) {
      warnedOfVersions.add(this.#oplead);
      const risk = "without a ledger an older event overwrites a newer one";
      logger.warn(`oplead-sdk: webhook: map returns versions, but ${risk}`, { event: "versions_ignored" });
    }
    const user = { user: accountNumber, testMode: this.#oplead.testMode };
    return aroundUser(internalsOf(this.#oplead).transport, user, () => this.#upsert(checked, source.rules));
  }

  async #enqueue(queue: WebhookQueue, entry: SourceUser): Promise<SentEntry> {
    const platform = platformOf(this.#oplead);
    await queue.enqueue(entry, { testMode: this.#oplead.testMode, retryHeld: true, platform });
    return { outcome: "queued", id: undefined, requests: 0, failed: [] };
  }

  async #upsert(checked: CheckedUser, rules: SourceUser["rules"]): Promise<SentEntry> {
    try {
      return await internalsOf(this.#oplead).upsertChecked(checked, { rules });
    } catch (error) {
      if (!isOpleadError(error)) throw error;
      const { result, requestId, requests = 0 } = error;
      const failed: readonly FailedStep[] = result?.failed ?? [{ step: "user", error }];
      const isFinal = failed.every((one) => isRefusedForGood(one.step, one.error)) && !result?.notSent.length;
      // The failure may be temporary.
      if (!isFinal) throw error;
      if (result) return { ...result, failed };
      return { outcome: "failed", id: undefined, requests, requestIds: requestId ? [requestId] : [], failed };
    }
  }

  async #reconcile(content: Content, ledger: Ledger): Promise<SentEntry> {
    const { now } = this.#settings;
    await bindLedger(ledger, this.#oplead, { readOnly: this.#oplead.testMode });
    // A delivery follows a change, or a correction in Oplead, so held steps are tried. The nightly batch does not.
    const result = await reconcileContent(this.#oplead, ledger, content, {}, { retryHeld: true, now });
    const { failed, outcome, id, requests, requestIds, fields, applied, waitsFor } = result;
    const pending = failed.find(({ held }) => !held);
    if (pending) throw pending.error;
    // Held steps were tried, so `held` is a new refusal. A refusal of a stale state does not count.
    const known = outcome === "held" ? "failed" : outcome;
    const left = outcome === "stale" ? [] : failed;
    return { outcome: known, id, requests, requestIds, fields, applied, failed: left, waitsFor };
  }

  #waitForParent(deliveryId: string | undefined): SenderAnswer {
    const what =
      "a user is refused, perhaps because Oplead does not have its parent yet; the sender shall send it again";
    const tell = tellOf(this.#settings.logger, this.#oplead.testMode, deliveryId);
    tell("warn", "delivery_postponed", what, { code: "waits_for_parent" });
    return sendAgain("waits_for_parent", "A user may have to wait for its parent. Send it again.");
  }

  // Throws if `onRefused` throws: the refusal is then not recorded.
  async #report(
    { outcome, id, requests, requestIds = [], fields = [], applied = [], failed }: SentEntry,
    { source: entry, accountNumber }: CheckedEntry,
    deliveryId: string | undefined,
    tell: Tell,
  ): Promise<EntryResult> {
    const { onRefused } = this.#settings;
    const [first] = failed;
    if (!first && !this.#onOutcome) {
      tell("info", "user_done", outcome, { outcome });
      return { outcome };
    }
    const facts = {
      accountNumber,
      outcome,
      deliveryId,
      testMode: this.#oplead.testMode,
      id,
      requests,
      requestIds,
      fields,
      applied,
      failed,
      held: [],
    };
    // Safe: `failed` has steps only if the outcome says so.
    const event = Object.defineProperty(facts, "entry", { get: () => entry }) as unknown as WebhookOutcome;
    if (first) {
      const steps = failed.map(({ step, error }) => `\n  - ${step}: ${error.message}`).join("");
      const { code } = first.error;
      tell(onRefused ? "info" : "error", "user_refused", `${outcome}${steps}`, { outcome, code });
      await onRefused?.(event as WebhookOutcome<"incomplete" | "failed">);
    } else tell("info", "user_done", outcome, { outcome });
    this.#onOutcome?.(event);
    return first ? { outcome, code: first.error.code } : { outcome };
  }

  askAgain(error: unknown, tell: Tell): SenderAnswer {
    const notRecorded = "The delivery could not be recorded. Send it again.";
    if (!isOpleadError(error)) {
      const what = `the ledger, the queue or onRefused threw ${kindOf(error)}`;
      tell("error", "delivery_postponed", `${what}; the sender shall send it again`, { code: "not_recorded" });
      return sendAgain("not_recorded", notRecorded);
    }
    const isStore = STORE_FAILURES.has(error.code);
    // These errors last until an operator changes the configuration. Meanwhile the sender keeps the events.
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
