import { isOpleadError } from "../base/errors.ts";
import type { OpleadIssue } from "../base/issues.ts";
import { issuesIn } from "../base/validation/issues-in.ts";
import { withLimit } from "../base/waits.ts";
import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/internals.ts";
import { describe as platformName, platformOf } from "../ledger/bind.ts";
import type { SourceUser } from "../reconcile/content.ts";
import type { UserOptions } from "../user/fields.ts";
import { findEntryIssues, listEntries } from "./entries.ts";
import { EntryReconciler } from "./entry-reconciler.ts";
import { InFlight } from "./in-flight.ts";
import { knownDeliveries } from "./known-deliveries.ts";
import { firstFrameOf, kindOf, type Tell, tellOf } from "./log.ts";
import type { MappedEvent, UserWebhookOptions } from "./options.ts";
import { readWebhookOptions, type WebhookSettings } from "./read-options.ts";
import { parseJson } from "./receive/body.ts";
import { type DeliveryIdentity, identify } from "./receive/identify.ts";
import { type CheckedRequest, RequestChecker } from "./receive/request-checker.ts";
import { type EntryResult, handled, refused, type SenderAnswer, sendAgain, toResponse } from "./sender-answer.ts";

/** The second argument of a handler, from the run time. */
export interface WebhookRunContext {
  /** Edge workers stop after the answer, unless they are told to wait for the work that goes on. */
  waitUntil?(work: Promise<unknown>): void;
}

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
  if (settings.verify === "none")
    logger.warn('oplead-sdk: verify is "none": the webhook accepts requests from anyone', {
      event: "webhook_unverified",
    });
  if (oplead.testMode)
    logger.info("oplead-sdk: the webhook is in test mode, nothing will be persisted", { event: "test_mode" });

  return async (request, context) => {
    try {
      return toResponse(await webhook.answer(request, (work) => context?.waitUntil?.(work)));
    } catch (error) {
      logger.error(`oplead-sdk: webhook: ${kindOf(error)} was thrown`, { event: "webhook_failed", code: "internal" });
      return toResponse(refused(500, "internal", "The delivery could not be handled."));
    }
  };
}

/** A genuine delivery that could be read. */
interface Received<Event> extends DeliveryIdentity {
  readonly event: Event;
  readonly headers: Headers;
}

/** A crashed receiver keeps its claim for this many deadlines of a call, longer than an entry usually takes. */
const LEASE_DEADLINES = 2;

class Webhook<Event> {
  readonly #settings: WebhookSettings<Event>;
  readonly #testMode: boolean;
  /** Which users the platform can have. */
  readonly #users: UserOptions;
  readonly #requestChecker: RequestChecker;
  readonly #reconciler: EntryReconciler;
  readonly #deliveries: ReturnType<typeof knownDeliveries>;
  readonly #inFlight = new InFlight();

  constructor(oplead: Oplead, settings: WebhookSettings<Event>) {
    const { testMode } = oplead;
    const client = internalsOf(oplead).transport.settings;
    const { deliveries: store, logger } = settings;
    this.#settings = settings;
    this.#users = client;
    this.#testMode = testMode;
    this.#requestChecker = new RequestChecker(settings);
    this.#reconciler = new EntryReconciler(oplead, settings);
    const scope = `${testMode ? "test " : ""}${platformName(platformOf(oplead))}`;
    this.#deliveries = knownDeliveries(store, logger, scope, LEASE_DEADLINES * client.deadlineMs);
  }

  async answer(request: Request, keepAlive: (work: Promise<unknown>) => void): Promise<SenderAnswer> {
    const received = await this.#receive(request);
    if ("status" in received) return received;
    const { respondWithinMs } = this.#settings;
    const { key, deliveryId } = received;
    const answer = await this.#inFlight.within(respondWithinMs, key, () => this.#handle(received), keepAlive);
    if (typeof answer !== "string") return answer;
    const isLate = answer === "late";
    const why = isLate
      ? `takes longer than ${respondWithinMs} ms and goes on`
      : "not begun, because too many others are being handled";
    const code = isLate ? "slow" : "busy";
    this.#tellOf(deliveryId)("warn", "delivery_postponed", why, { code });
    return sendAgain(code, "It takes longer than you should wait. Send it again.");
  }

  #tellOf(deliveryId: string | undefined): Tell {
    return tellOf(this.#settings.logger, this.#testMode, deliveryId);
  }

  /** Everything up to a genuine event. */
  async #receive(request: Request): Promise<Received<Event> | SenderAnswer> {
    const checked = await this.#requestChecker.check(request);
    if ("status" in checked) return checked;
    try {
      return await this.#read(request.headers, checked);
    } finally {
      checked.body.release();
    }
  }

  async #read(headers: Headers, checked: CheckedRequest): Promise<Received<Event> | SenderAnswer> {
    const tell = this.#tellOf(checked.deliveryId);
    const body = checked.body.bytes;
    let json: unknown;
    try {
      json = parseJson(body);
    } catch {
      tell("warn", "delivery_invalid", "the body is not JSON (400)", { code: "invalid_json" });
      return refused(400, "invalid_json", "The body is not JSON in UTF-8.");
    }
    const fitting = await this.#fit(json, tell);
    if ("status" in fitting) return fitting;
    const { value: event } = fitting;
    try {
      const identity = await identify(this.#settings.deliveryId, {
        event,
        headers,
        body,
        signedId: checked.deliveryId,
      });
      return { event, headers, ...identity };
    } catch (error) {
      const what = `deliveryId threw ${kindOf(error)}, or returned something else than text`;
      tell("error", "webhook_failed", `${what} (500)`, { code: "internal" });
      return refused(500, "internal", "The delivery could not be identified.");
    }
  }

  /** The event as its schema gives it. */
  async #fit(json: unknown, tell: Tell): Promise<{ readonly value: Event } | SenderAnswer> {
    const { event: schema, respondWithinMs } = this.#settings;
    if (!schema) return { value: json as Event }; // the caller's own claim
    const { vendor, validate } = schema["~standard"];
    try {
      const result = await withLimit((async () => validate(json))(), respondWithinMs, () => undefined);
      if (!result) return sendAgain("slow", "Checking the event takes longer than you should wait. Send it again.");
      if (!result.issues) return { value: result.value };
      // Without a problem that can be named it is refused all the same.
      return this.#refuseEvent(issuesIn(result, vendor === "oplead-sdk") ?? [], tell);
    } catch (error) {
      return this.#broken("the schema of the event", error, tell, "The event could not be checked.");
    }
  }

  async #handle(received: Received<Event>): Promise<SenderAnswer> {
    const { deliveryId, key } = received;
    const found = key === undefined ? "new" : await this.#deliveries.begin(key);
    if (found === "done") {
      this.#tellOf(deliveryId)("info", "delivery_repeated", "ignored, it was handled before");
      return handled([{ outcome: "repeated" }], this.#testMode);
    }
    if (found === "busy") return sendAgain("in_progress", "Another receiver is handling it. Send it again.");
    let answer: SenderAnswer | undefined;
    try {
      answer = await this.#reconcile(received);
      return answer;
    } finally {
      if (key !== undefined) await this.#deliveries[isFinal(answer) ? "handled" : "release"](key);
    }
  }

  async #reconcile(received: Received<Event>): Promise<SenderAnswer> {
    const mapped = await this.#map(received);
    if ("status" in mapped) return mapped;
    if (mapped.length === 0) return handled([{ outcome: "ignored" }], this.#testMode);
    return this.#reconciler.reconcileAll(mapped, received.deliveryId);
  }

  async #map({ event, headers, deliveryId }: Received<Event>): Promise<readonly SourceUser[] | SenderAnswer> {
    const tell = this.#tellOf(deliveryId);
    try {
      const entries = listEntries(await this.#settings.map(event, { headers, deliveryId }));
      const issues = findEntryIssues(entries, this.#users);
      return issues.length === 0 ? entries : this.#refuseEvent(issues, tell);
    } catch (error) {
      const issues = issuesIn(error, isOpleadError(error));
      if (issues) return this.#refuseEvent(issues, tell);
      if (isOpleadError(error) && error.retryable) return this.#reconciler.askAgain(error, tell);
      return this.#broken("map", error, tell, "The event could not be mapped.");
    }
  }

  /** Code of the caller's threw. */
  #broken(what: string, error: unknown, tell: Tell, message: string): SenderAnswer {
    tell("error", "webhook_failed", `${what} threw ${kindOf(error)} (500)${firstFrameOf(error)}`, { code: "internal" });
    return refused(500, "internal", message);
  }

  #refuseEvent(issues: readonly OpleadIssue[], tell: Tell): SenderAnswer {
    const lines = issues.map(({ path, message }) => `\n  - ${path && `${path}: `}${message}`);
    tell("warn", "delivery_invalid", `not valid, nothing was sent (400)${lines.join("")}`, { code: "invalid_event" });
    return refused(400, "invalid_event", "The event does not make a valid user.", { issues });
  }
}

/**
 * Whether a delivery need not be handled when it comes again. A refused one must: an operator who repeats it has changed
 * something in Oplead and wants it tried. An ignored one costs nothing.
 */
function isFinal(answer: SenderAnswer | undefined): boolean {
  const { results } = (answer?.body ?? {}) as { results?: readonly EntryResult[] };
  return results?.every(({ outcome, code }) => outcome !== "ignored" && code === undefined) ?? false;
}
