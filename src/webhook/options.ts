import { issueAt } from "../core/issues.ts";
import { dropLine, type OpleadLogger } from "../core/log.ts";
import type { InputSchema } from "../core/validate.ts";
import * as check from "../core/validate.ts";
import { type DeliveryStore, storeDeliveries } from "../ledger/deliveries.ts";
import type { Ledger, LedgerPlatform } from "../ledger/ledger.ts";
import { tellPart } from "../locales/en/core.ts";
import { tellWebhook } from "../locales/en/webhook.ts";
import type { OnlyKnownKeys, SourceUser } from "../reconcile/content.ts";
import type { WebhookOutcome } from "../reconcile/reconciliation.ts";
import { type Filled, HEADER_NAME } from "../transport/settings.ts";
import type { Verifier } from "./signatures/scheme.ts";

/** The result of `map`: one entry, several, or null for an event that does not concern Oplead. */
export type MappedEvent = SourceUser | readonly SourceUser[] | null;

/** Stores users from a webhook until a worker reconciles them. The queue of `oplead-sdk/bullmq` fits. */
export interface WebhookQueue {
  /** Resolves once the user is stored. If it rejects, the sender is answered 503 and sends the delivery again. */
  enqueue(
    user: SourceUser,
    how: {
      /** @internal Of the receiving client; the worker must use it, too. */
      readonly testMode: boolean;
      /** Sends held steps again: see `retryHeld` of `reconcileUser`. */
      readonly retryHeld: true;
      /** Platform of the receiving client. */
      readonly platform: LedgerPlatform;
    },
  ): Promise<unknown>;
}

/**
 * Options of {@link createUserWebhook}: the webhook sends the users itself, with its `ledger`, or workers of a `queue`
 * send them, with a ledger of their own.
 */
export type UserWebhookOptions<Event = unknown, Mapped extends MappedEvent = MappedEvent> =
  | (WebhookOptions<Event, Mapped> & { readonly queue?: undefined })
  | Omit<WebhookOptions<Event, Mapped>, "ledger" | "onRefused">;

/** The fields of {@link UserWebhookOptions}, which allows neither `ledger` nor `onRefused` beside `queue`. */
export interface WebhookOptions<Event = unknown, Mapped extends MappedEvent = MappedEvent> {
  /**
   * Signature scheme: {@link standardWebhooks}, {@link hmacSignature}, {@link stripeStyle} or a function of your own.
   * `"none"` accepts requests from anyone: something in front of the webhook must check them.
   */
  readonly verify: Verifier | "none";
  /**
   * Standard Schema of the events (Zod, Valibot, ArkType and others); `map` and `deliveryId` get its output. A body
   * that does not fit is answered 400 with the path of each problem, without values. Default: any JSON.
   */
  readonly event?: InputSchema<Event> | undefined;
  /**
   * Users of an event: one entry, several, or null for an event that does not concern Oplead. May be asynchronous. An
   * error with `issues` (Zod's, Valibot's, an {@link OpleadError} `invalid_input`) is answered 400, a retryable
   * OpleadError 503, any other 500.
   */
  readonly map: ((
    event: Event,
    context: { readonly headers: Headers; readonly deliveryId: string | undefined },
  ) => Mapped | Promise<Mapped>) &
    OnlyKnownKeys<Mapped>;
  /**
   * Ledger of what Oplead has; a batch may use it at the same time. If it belongs to another platform, the sender gets
   * 503 and the log says `ledger_mismatch`. Default: none.
   */
  readonly ledger?: Ledger | undefined;
  /**
   * Queue that stores the users and answers 202; workers reconcile them with their own ledger, so `ledger` cannot be
   * given as well. Default: none, users are sent at once.
   */
  readonly queue?: WebhookQueue | undefined;
  /** Ids of handled deliveries. Default: {@link memoryDeliveries}, in this process. */
  readonly deliveries?: DeliveryStore | undefined;
  /**
   * Place of a delivery's id: a header's name, or a function of the event. Default: the id that the signature covers,
   * else the headers `webhook-id`, `x-github-delivery` and `x-shopify-webhook-id`.
   */
  readonly deliveryId?: string | ((event: Event, headers: Headers) => string | undefined) | undefined;
  /**
   * Called and awaited for each entry that Oplead refuses, in whole or in part: `failed` has the refused steps, and
   * Oplead's own answer is in the `body` of their errors. If it fails, the sender is told to send the delivery again.
   * Not called with `queue`: take `onUser` of the worker. Default: an error line in the log.
   */
  readonly onRefused?: ((refusal: WebhookOutcome<"incomplete" | "failed">) => void | Promise<void>) | undefined;
  /** Called for each handled entry, also refused ones. What it throws is logged and changes nothing. */
  readonly onOutcome?: ((outcome: WebhookOutcome) => void | Promise<void>) | undefined;
  /** @internal
   * Size limit of a body, in bytes; a larger one is answered 413. Unverified bodies in memory may have 32 times that
   * size together; a request beyond it is answered 503. Default 1,048,576 (1 MiB).
   */
  readonly maxBodyBytes?: number | undefined;
  /**
   * Longest wait of a sender, in milliseconds; choose less than its own timeout. After it, the sender is told to send
   * the delivery again, and the work goes on. A body that takes longer is answered 408. Default 10,000.
   */
  readonly respondWithinMs?: number | undefined;
  /** @internal */
  readonly now?: (() => number) | undefined;
}

type WithDefault = "deliveries" | "maxBodyBytes" | "respondWithinMs" | "now";

export type WebhookSettings<Event> = WebhookOptions<Event> &
  Filled<Pick<WebhookOptions, WithDefault>> & { readonly logger: OpleadLogger };

// Independent of the type of the events.
export type CommonSettings = Omit<WebhookSettings<never>, "event" | "map" | "deliveryId">;

// A refused event must always be reported.
const CONSOLE: OpleadLogger = {
  debug: dropLine,
  info: dropLine,
  warn: (line) => console.warn(line),
  error: (line) => console.error(line),
};

const findOptionIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<WebhookOptions>(
    {
      event: check.valueThat(isSchema, tellWebhook("not_schema")),
      deliveries: check.withMethods(["has", "add"], tellPart("not_delivery_store")),
      deliveryId: check.unless(
        (value) => typeof value === "function",
        check.matching(HEADER_NAME, tellWebhook("not_delivery_id")),
      ),
      maxBodyBytes: check.wholeNumber(1, Number.MAX_SAFE_INTEGER),
      respondWithinMs: check.wholeNumber(1, check.MAX_TIMER_MS),
      now: check.clock(),
      ledger: check.ledger(),
      queue: check.withMethods(["enqueue"], tellPart("not_queue")),
      onRefused: check.func(),
      onOutcome: check.func(),
    },
    {
      verify: check.unless((value) => value === "none", check.func(tellWebhook("not_verifier"))),
      map: check.func(tellWebhook("not_event_map")),
    },
  ),
);

// ArkType's schemas are functions.
function isSchema(value: unknown): boolean {
  return typeof Object(Object(value)["~standard"]).validate === "function";
}

export function readWebhookOptions<Event>(
  options: WebhookOptions<Event>,
  clientLogger: OpleadLogger | undefined,
): WebhookSettings<Event> {
  const issues = findOptionIssues(options);
  const { ledger, queue } = options ?? {};
  if (issues.length === 0 && ledger !== undefined && queue !== undefined) {
    issues.push(issueAt("ledger", tellWebhook("ledger_beside_queue")));
  }
  check.requireNoIssues("createUserWebhook: wrong options", issues);
  const { now = () => Date.now() } = options;
  return {
    ...options,
    deliveries: options.deliveries ?? storeDeliveries(now),
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    respondWithinMs: options.respondWithinMs ?? 10_000,
    logger: clientLogger ?? CONSOLE,
    now,
  };
}
