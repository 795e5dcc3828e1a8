import type { OpleadIssue } from "../../base/issues.ts";
import { withLimit } from "../../base/time/waits.ts";
import { issuesIn } from "../../base/validation/issues-in.ts";
import { InFlight } from "../in-flight.ts";
import { knownDeliveries } from "../known-deliveries.ts";
import { firstFrameOf, kindOf, type Tell, tellOf } from "../log.ts";
import type { WebhookSettings } from "../read-options.ts";
import { type EntryResult, handled, refused, type SenderAnswer, sendAgain, toResponse } from "../sender-answer.ts";
import { parseBody } from "./body.ts";
import { type DeliveryIdentity, identify } from "./identify.ts";
import { type CheckedRequest, RequestChecker } from "./request-checker.ts";

/** The second argument of a handler, from the run time. */
export interface WebhookRunContext {
  /** Edge workers stop after the answer, unless they are told to wait for the work that goes on. */
  waitUntil?(work: Promise<unknown>): void;
}

/** A genuine delivery that could be read. */
export interface Received<Event> extends DeliveryIdentity {
  readonly event: Event;
  readonly headers: Headers;
}

/** The settings of every webhook, whatever it does with an event. */
export type ReceiverSettings<Event> = Pick<
  WebhookSettings<Event>,
  "verify" | "event" | "deliveryId" | "deliveries" | "maxBodyBytes" | "respondWithinMs" | "logger" | "now"
>;

/** How a receiver differs from another one. */
export interface ReceiverScope {
  readonly testMode: boolean;
  /** A delivery that was handled in another scope has not been handled in this one. */
  readonly name: string;
  /** A receiver that died keeps its claim for so long. */
  readonly leaseMs: number;
}

/** Takes deliveries: checks, verifies and reads them, each once, and answers their sender. What an event means is the handler's. */
export class Receiver<Event> {
  readonly #settings: ReceiverSettings<Event>;
  readonly #testMode: boolean;
  readonly #requestChecker: RequestChecker;
  readonly #deliveries: ReturnType<typeof knownDeliveries>;
  readonly #inFlight = new InFlight();
  readonly #work: (received: Received<Event>) => Promise<SenderAnswer>;

  constructor(
    settings: ReceiverSettings<Event>,
    { testMode, name, leaseMs }: ReceiverScope,
    work: (received: Received<Event>) => Promise<SenderAnswer>,
  ) {
    const { deliveries: store, logger } = settings;
    this.#settings = settings;
    this.#testMode = testMode;
    this.#requestChecker = new RequestChecker(settings);
    this.#deliveries = knownDeliveries(store, logger, name, leaseMs);
    this.#work = work;
    if (settings.verify === "none")
      logger.warn('oplead-sdk: verify is "none": the webhook accepts requests from anyone', {
        event: "webhook_unverified",
      });
  }

  /** Never rejects. */
  async respond(request: Request, context: WebhookRunContext | undefined): Promise<Response> {
    try {
      return toResponse(await this.#answer(request, (work) => context?.waitUntil?.(work)));
    } catch (error) {
      const { logger } = this.#settings;
      logger.error(`oplead-sdk: webhook: ${kindOf(error)} was thrown`, { event: "webhook_failed", code: "internal" });
      return toResponse(refused(500, "internal", "The delivery could not be handled."));
    }
  }

  async #answer(request: Request, keepAlive: (work: Promise<unknown>) => void): Promise<SenderAnswer> {
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
    this.tellOf(deliveryId)("warn", "delivery_postponed", why, { code });
    return sendAgain(code, "It takes longer than you should wait. Send it again.");
  }

  tellOf(deliveryId: string | undefined): Tell {
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
    const tell = this.tellOf(checked.deliveryId);
    const body = checked.body.bytes;
    let json: unknown;
    try {
      json = parseBody(body);
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
      return this.refuseEvent(issuesIn(result, vendor === "oplead-sdk") ?? [], tell);
    } catch (error) {
      return this.broken("the schema of the event", error, tell, "The event could not be checked.");
    }
  }

  async #handle(received: Received<Event>): Promise<SenderAnswer> {
    const { deliveryId, key } = received;
    const found = key === undefined ? "new" : await this.#deliveries.begin(key);
    if (found === "done") {
      this.tellOf(deliveryId)("info", "delivery_repeated", "ignored, it was handled before");
      return handled([{ outcome: "repeated" }], this.#testMode);
    }
    if (found === "busy") return sendAgain("in_progress", "Another receiver is handling it. Send it again.");
    let answer: SenderAnswer | undefined;
    try {
      answer = await this.#work(received);
      return answer;
    } finally {
      if (key !== undefined) await this.#deliveries[isFinal(answer) ? "handled" : "release"](key);
    }
  }

  /** Code of the caller's threw. */
  broken(what: string, error: unknown, tell: Tell, message: string): SenderAnswer {
    tell("error", "webhook_failed", `${what} threw ${kindOf(error)} (500)${firstFrameOf(error)}`, { code: "internal" });
    return refused(500, "internal", message);
  }

  refuseEvent(issues: readonly OpleadIssue[], tell: Tell): SenderAnswer {
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
