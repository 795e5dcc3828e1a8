import type { OpleadIssue } from "../core/issues.ts";
import { Recent } from "../core/keyed.ts";
import type { OpleadLogger } from "../core/log.ts";
import { withLimit } from "../core/time.ts";
import { type InputSchema, issuesIn } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import type { DeliveryStore } from "../ledger/deliveries.ts";
import {
  type EntryResult,
  firstFrameOf,
  handled,
  kindOf,
  refused,
  type SenderAnswer,
  sendAgain,
  type Tell,
  tellOf,
  toResponse,
} from "./log.ts";
import type { WebhookOptions, WebhookSettings } from "./options.ts";
import { type CheckedRequest, parseBody, RequestChecker } from "./request-checker.ts";
import { concat, toHex, utf8 } from "./signatures/hmac.ts";

interface WebhookRunContext {
  waitUntil?(work: Promise<unknown>): void;
}

export interface Received<Event> extends DeliveryIdentity {
  readonly event: Event;
  readonly headers: Headers;
}

type ReceiverSettings<Event> = Pick<
  WebhookSettings<Event>,
  "verify" | "event" | "deliveryId" | "deliveries" | "maxBodyBytes" | "respondWithinMs" | "logger" | "now"
>;

interface ReceiverScope {
  readonly testMode: boolean;
  readonly name: string;
  // A dead receiver's claim on a delivery lasts this long.
  readonly leaseMs: number;
}

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

  // Never rejects.
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
    const { event: schema } = this.#settings;
    // Safe: without a schema, the type is the caller's claim.
    const fitting = schema ? await this.#fit(schema, json, tell) : { value: json as Event };
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

  async #fit(schema: InputSchema<Event>, json: unknown, tell: Tell): Promise<{ readonly value: Event } | SenderAnswer> {
    const { respondWithinMs } = this.#settings;
    const { vendor, validate } = schema["~standard"];
    try {
      const result = await withLimit((async () => validate(json))(), respondWithinMs, () => undefined);
      if (!result) return sendAgain("slow", "Checking the event takes longer than you should wait. Send it again.");
      if (!result.issues) return { value: result.value };
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

// A refused delivery is handled again: an operator who repeats it has probably corrected something in Oplead.
function isFinal(answer: SenderAnswer | undefined): boolean {
  const { results } = (answer?.body ?? {}) as { results?: readonly EntryResult[] };
  return results?.every(({ outcome, code }) => outcome !== "ignored" && code === undefined) ?? false;
}

interface DeliveryIdentity {
  // As the sender wrote it, for the log and for `map`.
  readonly deliveryId: string | undefined;
  // As it is remembered.
  readonly key: string | undefined;
}

// `signedId`: the id that the signature covers.
export async function identify<Event>(
  source: WebhookOptions<Event>["deliveryId"],
  delivery: { event: Event; headers: Headers; body: Uint8Array; signedId: string | undefined },
): Promise<DeliveryIdentity> {
  const { event, headers, body, signedId } = delivery;
  const trusted = typeof source === "function" ? source(event, headers) : source === undefined ? signedId : undefined;
  if (trusted !== undefined && trusted !== null && trusted !== "") {
    const id = toText(trusted);
    return { deliveryId: id, key: id };
  }
  const names = typeof source === "string" ? [source] : source === undefined ? ID_HEADERS : [];
  const deliveryId = names.map((name) => headers.get(name)).find((value) => value);
  if (!deliveryId) return { deliveryId: undefined, key: undefined };
  // The signature does not cover this header: by the id alone, a forger could replay an old delivery under a future id,
  // and the future delivery would be ignored. So the body counts, too.
  const digest = await crypto.subtle.digest("SHA-256", concat(utf8(`${deliveryId}\n`), body));
  return { deliveryId, key: toHex(digest) };
}

const ID_HEADERS = ["webhook-id", "x-github-delivery", "x-shopify-webhook-id"];

// Other values may all become one text, which would make every delivery but the first a duplicate.
function toText(id: unknown): string {
  if (typeof id === "string" || typeof id === "number") return String(id);
  throw new TypeError("a delivery id must be text");
}

// Bounds each call; a failure of the store does no harm. `scope` (platform, test mode) precedes each id.
function knownDeliveries(store: DeliveryStore, logger: OpleadLogger, scope: string, leaseMs: number) {
  const complain = (what: string): undefined => {
    logger.error(`oplead-sdk: webhook: the delivery store ${what}; deliveries go on`, {
      event: "delivery_store_failed",
    });
    return undefined;
  };
  const late = () => complain(`has not answered for ${STORE_PATIENCE_MS} ms`);
  const failed = (error: unknown) => complain(`threw ${kindOf(error)}`);
  const use = <T>(key: string, task: (id: string) => T | Promise<T>): T | undefined | Promise<T | undefined> => {
    try {
      const result = task(`${scope} ${key}`);
      // A store in memory answers at once and needs no timer.
      return isObject(result) ? withLimit(Promise.resolve(result), STORE_PATIENCE_MS, late).catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  };
  return {
    async begin(key: string): Promise<"new" | "busy" | "done"> {
      if (!store.claim) return (await use(key, (id) => store.has(id))) ? "done" : "new";
      const found = await use(key, (id) => store.claim?.(id, leaseMs));
      return found === "done" || found === "busy" ? found : "new";
    },
    handled: (key: string) => use(key, (id) => store.add(id)),
    release: (key: string) => use(key, (id) => store.release?.(id)),
  };
}

// Handling a delivery twice does less harm than a longer wait.
const STORE_PATIENCE_MS = 5_000;

// Above it, senders are told to send again.
const MAX_PENDING = 1_000;
const MAX_UNCOLLECTED = 1_000;
// A later repetition comes from a person who has corrected something.
const UNCOLLECTED_MS = 3_600_000;

interface Running {
  readonly answer: Promise<SenderAnswer>;
  // HTTP requests that wait for the answer: the sender may repeat a delivery in flight.
  waiting: number;
}

// Slow work goes on after its sender was told to send again. The repetition waits for the same work or gets its result.
export class InFlight {
  readonly #running = new Map<string, Running>();
  // Ended after all requests for it were answered.
  readonly #uncollected = new Recent<Running>(performance, UNCOLLECTED_MS, MAX_UNCOLLECTED);
  #pending = 0;

  // Without a key a repetition cannot be recognised, so every task runs.
  async within(
    ms: number,
    key: string | undefined,
    task: () => Promise<SenderAnswer>,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<SenderAnswer | "late" | "full"> {
    const found = key === undefined ? undefined : (this.#collect(key) ?? this.#running.get(key));
    if (!found && this.#pending >= MAX_PENDING) return "full";
    const running = found ?? this.#start(key, task);
    running.waiting += 1;
    const answer = await withLimit(running.answer, ms, () => "late" as const);
    running.waiting -= 1;
    if (answer === "late") keepAlive(running.answer);
    return answer;
  }

  #start(key: string | undefined, task: () => Promise<SenderAnswer>): Running {
    this.#pending += 1;
    const running: Running = { answer: task(), waiting: 0 };
    if (key !== undefined) this.#running.set(key, running);
    const end = (answer?: SenderAnswer): void => {
      this.#pending -= 1;
      if (key === undefined) return;
      this.#running.delete(key);
      // After a temporary failure a repetition is handled again.
      if (running.waiting === 0 && answer && answer.status < 500) this.#uncollected.set(key, running);
    };
    running.answer.then(end, () => end());
    return running;
  }

  #collect(key: string): Running | undefined {
    const ended = this.#uncollected.get(key);
    this.#uncollected.delete(key);
    return ended;
  }
}
