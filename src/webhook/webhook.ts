import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { isOpleadError } from "../core/errors.ts";
import { issueAt, type OpleadIssue, within } from "../core/issues.ts";
import { issuesIn } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { describe as platformName, platformOf } from "../ledger/bind.ts";
import { isVersion } from "../ledger/version.ts";
import { tellContent } from "../locales/en/core.ts";
import { tellWebhook } from "../locales/en/webhook.ts";
import { keyIssues, type SourceUser } from "../reconcile/content.ts";
import { tryRules } from "../rules/rules.ts";
import { findUserIssues, type UserOptions } from "../user/user.ts";
import { EntryReconciler } from "./entry-reconciler.ts";
import { handled, type SenderAnswer } from "./log.ts";
import { type MappedEvent, readWebhookOptions, type UserWebhookOptions, type WebhookSettings } from "./options.ts";
import { type Received, Receiver, type WebhookRunContext } from "./receiver.ts";

/** Takes a delivery and answers its sender. Never rejects. */
export type UserWebhook = (request: Request, context?: WebhookRunContext) => Promise<Response>;

/**
 * Makes a handler that syncs the users of a source system's webhook to Oplead (guide, case 1). The status tells the
 * sender what to do: 200 and 202 handled; 4xx wrong, repeating changes nothing; 503 send it again after `Retry-After`.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
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
  /** The options that say which users the platform can have. */
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

  async #map({ event, headers, deliveryId }: Received<Event>): Promise<readonly SourceUser[] | SenderAnswer> {
    const tell = this.receiver.tellOf(deliveryId);
    try {
      const entries = listEntries(await this.#settings.map(event, { headers, deliveryId }));
      const issues = findEntryIssues(entries, this.#users);
      return issues.length === 0 ? entries : this.receiver.refuseEvent(issues, tell);
    } catch (error) {
      const issues = issuesIn(error, isOpleadError(error));
      if (issues) return this.receiver.refuseEvent(issues, tell);
      if (isOpleadError(error) && error.retryable) return this.#reconciler.askAgain(error, tell);
      return this.receiver.broken("map", error, tell, "The event could not be mapped.");
    }
  }
}

/** A crashed receiver keeps its claim for this many deadlines of a call, longer than an entry usually takes. */
const LEASE_DEADLINES = 2;

/** The result of `map` as a list; empty for an event that does not concern Oplead. */
export function listEntries(mapped: unknown): readonly SourceUser[] {
  // A forgotten return is a bug. If undefined meant "ignore", it would lose every event.
  if (mapped === undefined) throw new TypeError("map returned undefined; it returns null for an event to ignore");
  if (mapped === null) return [];
  return Array.isArray(mapped) ? mapped : [mapped as SourceUser];
}

/** Every problem of every entry: of a delivery with a problem nothing is sent. The problems never hold a value. */
export function findEntryIssues(entries: readonly unknown[], options: UserOptions): OpleadIssue[] {
  if (entries.length === 1) return issuesOf(entries[0], options);
  return entries.flatMap((entry, index) => issuesOf(entry, options).map((found) => within(`[${index}]`, found)));
}

function issuesOf(entry: unknown, options: UserOptions): OpleadIssue[] {
  if (!isObject(entry)) return [issueAt("", tellWebhook("not_entry"))];
  const { user, rules, version } = entry;
  const issues = findUserIssues(user, options).map((found) => within("user", found));
  issues.push(...keyIssues(entry));
  if (isObject(user) && user.accountNumber === undefined) {
    issues.push(issueAt("user.accountNumber", tellWebhook("event_needs_account_number")));
  }
  if (rules !== undefined) {
    tryRules(rules, (_rule, found) => issues.push(within("rules", found)));
  }
  if (version !== undefined && !isVersion(version)) issues.push(issueAt("version", tellContent("not_version")));
  return issues;
}
