import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/internals.ts";
import { isOpleadError } from "../errors.ts";
import { type Answer, done, later, refused, toResponse } from "./answers.ts";
import { parseJson } from "./body.ts";
import type { DeliveryStore } from "./deliveries.ts";
import { Delivery, describe, nameOf } from "./delivery.ts";
import { findEntryIssues, issuesIn, listEntries } from "./entries.ts";
import { type Checked, Gatekeeper } from "./gatekeeper.ts";
import { earliest, InFlight } from "./in-flight.ts";
import { readWebhookOptions, type UserWebhookOptions, type WebhookSettings } from "./options.ts";
import { concat, toHex, utf8 } from "./signatures/bytes.ts";

/** What a run time gives beside the request. */
export interface WebhookRunContext {
  /** Edge workers stop when the answer is out, unless told to wait for what goes on. */
  waitUntil?(work: Promise<unknown>): void;
}

/** Takes a delivery, answers its sender. Never rejects. */
export type UserWebhook = (request: Request, context?: WebhookRunContext) => Promise<Response>;

/** The headers that usual senders write a delivery's id in. */
const ID_HEADERS = ["webhook-id", "x-github-delivery", "x-shopify-webhook-id"];

/** A delivery done twice does less harm than one that waits for the store of those done. */
const STORE_PATIENCE_MS = 5_000;

/**
 * Makes a handler that brings the users of a source system's webhook to Oplead (guide, case 1). The status tells the
 * sender what to do: 200 done, or nothing to do; 4xx wrong, repeating changes nothing; 503 come again after `Retry-After`.
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
export function createUserWebhook<Event = unknown>(oplead: Oplead, options: UserWebhookOptions<Event>): UserWebhook {
  const settings = readWebhookOptions(options, internalsOf(oplead).transport.settings.logger);
  const { logger } = settings;
  const webhook = new Webhook(oplead, settings);
  if (settings.verify === "none") logger?.warn('oplead-sdk: verify is "none": the webhook takes what anybody sends');
  if (oplead.testMode) logger?.info("oplead-sdk: the webhook is in test mode, nothing will be persisted");

  return async (request, context) => {
    try {
      return toResponse(await webhook.answer(request, (work) => context?.waitUntil?.(work)));
    } catch (error) {
      logger?.error(`oplead-sdk: webhook: ${nameOf(error)} was thrown`);
      return toResponse(refused(500, "internal", "The delivery could not be handled."));
    }
  };
}

/** A delivery that is genuine and can be read. */
interface Received<Event> {
  readonly event: Event;
  readonly headers: Headers;
  readonly deliveryId: string | undefined;
  /** What the delivery is remembered by. */
  readonly key: string | undefined;
}

class Webhook<Event> {
  readonly #settings: WebhookSettings<Event>;
  readonly #testMode: boolean;
  readonly #gatekeeper: Gatekeeper;
  readonly #delivery: Delivery;
  readonly #inFlight = new InFlight();

  constructor(oplead: Oplead, settings: WebhookSettings<Event>) {
    this.#settings = settings;
    this.#testMode = oplead.testMode;
    this.#gatekeeper = new Gatekeeper(settings);
    this.#delivery = new Delivery(oplead, settings);
  }

  async answer(request: Request, keepAlive: (work: Promise<unknown>) => void): Promise<Answer> {
    const received = await this.#receive(request);
    if ("status" in received) return received;
    const { respondWithinMs, logger } = this.#settings;
    const { key, deliveryId } = received;
    const answer = await this.#inFlight.within(respondWithinMs, key, () => this.#work(received), keepAlive);
    if (typeof answer !== "string") return answer;
    logger?.warn(
      `oplead-sdk: ${describe(deliveryId, this.#testMode)}: ` +
        (answer === "late" ? `takes longer than ${respondWithinMs} ms and goes on` : "not begun, too many are at work"),
    );
    return later(answer === "late" ? "slow" : "busy", "It takes longer than you should wait. Send it again.");
  }

  /** Everything up to a genuine event, in the order in which it costs. */
  async #receive(request: Request): Promise<Received<Event> | Answer> {
    const { headers } = request;
    const checked = await this.#gatekeeper.check(request);
    if ("status" in checked) return checked;
    let event: Event;
    try {
      event = parseJson(checked.body) as Event;
    } catch {
      this.#settings.logger?.warn("oplead-sdk: webhook: the body of a genuine delivery is not JSON (400)");
      return refused(400, "invalid_json", "The body is not JSON in UTF-8.");
    }
    try {
      return { event, headers, ...(await this.#identify(event, headers, checked)) };
    } catch (error) {
      this.#settings.logger?.error(`oplead-sdk: webhook: deliveryId threw ${nameOf(error)}, or gave no text (500)`);
      return refused(500, "internal", "The delivery could not be identified.");
    }
  }

  async #identify(event: Event, headers: Headers, { body, deliveryId: vouchedFor }: Checked) {
    const { deliveryId: source } = this.#settings;
    // A function finds the id in the signed body, or knows what it does.
    const own = typeof source === "function" ? source(event, headers) : source === undefined ? vouchedFor : undefined;
    if (own !== undefined && own !== null && own !== "") return { deliveryId: idOf(own), key: idOf(own) };
    const names = typeof source === "string" ? [source] : source === undefined ? ID_HEADERS : [];
    const deliveryId = names.map((name) => headers.get(name)).find((value) => value);
    if (!deliveryId) return { deliveryId: undefined, key: undefined };
    // No signature covers this header: whoever repeats an old delivery under the id of one to come must not get that
    // one ignored. So the id counts only together with the body that it came with.
    const digest = await crypto.subtle.digest("SHA-256", concat(utf8(`${deliveryId}\n`), body));
    return { deliveryId, key: toHex(digest) };
  }

  async #work(received: Received<Event>): Promise<Answer> {
    const { deliveryId } = received;
    // What a test has done, production has not.
    const key = received.key === undefined || !this.#testMode ? received.key : `test:${received.key}`;
    if (key !== undefined && (await this.#wasDone(key))) {
      this.#settings.logger?.info(`oplead-sdk: ${describe(deliveryId, this.#testMode)}: done before, ignored`);
      return done([{ outcome: "duplicate" }], this.#testMode);
    }
    const mapped = await this.#map(received);
    if ("status" in mapped) return mapped;
    if (mapped.entries.length === 0) return done([{ outcome: "ignored" }], this.#testMode);
    const answer = await this.#delivery.deliver(mapped.entries, deliveryId);
    // A rejection is not remembered: who repeats it by hand has changed something in Oplead, and wants it tried.
    const { results } = answer.body as { results?: readonly { outcome: string }[] };
    if (key !== undefined && results?.every(({ outcome }) => outcome !== "rejected")) await this.#remember(key);
    return answer;
  }

  async #map({ event, headers, deliveryId }: Received<Event>) {
    const { logger, map } = this.#settings;
    const name = describe(deliveryId, this.#testMode);
    try {
      const entries = listEntries(await map(event, { headers, deliveryId }));
      const issues = findEntryIssues(entries);
      return issues.length === 0 ? { entries } : invalidEvent(issues, name, logger);
    } catch (error) {
      const issues = issuesIn(error, isOpleadError(error));
      if (issues) return invalidEvent(issues, name, logger);
      if (isOpleadError(error) && error.retryable) return this.#delivery.comeAgain(error, name);
      logger?.error(`oplead-sdk: ${name}: map threw ${nameOf(error)} (500)${whereOf(error)}`);
      return refused(500, "internal", "The event could not be mapped.");
    }
  }

  async #wasDone(key: string): Promise<boolean> {
    return (await this.#withStore((deliveries) => deliveries.has(key))) === true;
  }

  async #remember(key: string): Promise<void> {
    await this.#withStore((deliveries) => deliveries.add(key));
  }

  async #withStore<T>(use: (deliveries: DeliveryStore) => T | Promise<T>): Promise<T | undefined> {
    const { deliveries, logger } = this.#settings;
    const complain = (what: string) =>
      logger?.error(`oplead-sdk: webhook: the delivery store ${what}; deliveries go on`);
    try {
      const said = await earliest((async () => use(deliveries))(), STORE_PATIENCE_MS);
      if (said !== "late") return said;
      complain(`has not answered for ${STORE_PATIENCE_MS} ms`);
    } catch (error) {
      complain(`threw ${nameOf(error)}`);
    }
    return undefined;
  }
}

/** Anything else would be written alike for every delivery, and all but the first be taken for done. */
function idOf(id: unknown): string {
  if (typeof id === "string" || typeof id === "number") return String(id);
  throw new TypeError("a delivery id is text");
}

function invalidEvent(
  issues: readonly { path: string; message: string }[],
  name: string,
  logger: WebhookSettings<never>["logger"],
): Answer {
  const lines = issues.map(({ path, message }) => `\n  - ${path === "" ? "" : `${path}: `}${message}`);
  logger?.warn(`oplead-sdk: ${name}: not valid, nothing was sent (400)${lines.join("")}`);
  return refused(400, "invalid_event", "The event does not make a valid user.", { issues });
}

/** Where an error was thrown. What its message says is passed over: it may quote data, in lines that look like places. */
function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { message, stack = "" } = error;
  const frame = /\n(\s+at .*)/.exec(stack.slice(stack.indexOf(message) + message.length))?.[1];
  return frame === undefined ? "" : `\n${frame}`;
}
