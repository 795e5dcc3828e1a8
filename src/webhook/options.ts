import { invalid, type OpleadError, type OpleadIssue } from "../errors.ts";
import type { Ledger, SyncStep } from "../ledger/ledger.ts";
import type { OpleadLogger } from "../options.ts";
import type { SourceUser } from "../reconcile/content.ts";
import { quiet } from "../settings.ts";
import { type DeliveryStore, memoryDeliveries } from "./deliveries.ts";
import type { Verifier } from "./signatures/verifier.ts";

/** A user as the source system says it is now. With a `version`, and a ledger, an older event changes nothing. */
export type WebhookEntry = SourceUser;

/** What `map` is told beside the event. */
export interface WebhookEventContext {
  readonly headers: Headers;
  /** The delivery's id, where it has one. */
  readonly deliveryId: string | undefined;
}

/**
 * What became of an entry: `unchanged` is in Oplead already as the ledger knows, `stale` is older than what is there,
 * `rejected` was refused by Oplead for good.
 */
export type EntryOutcome = "created" | "updated" | "unchanged" | "stale" | "rejected";

/** An entry that was dealt with. Printing it shows no personal data: {@link WebhookOutcome.entry} is not enumerable. */
export interface WebhookOutcome {
  readonly outcome: EntryOutcome;
  readonly deliveryId: string | undefined;
  /** Whether this was test mode: then nothing was persisted. */
  readonly testMode: boolean;
  /** The user's Oplead ID, where it is known. */
  readonly id: string | undefined;
  /** HTTP requests really sent. */
  readonly requests: number;
  /** The entry as `map` gave it. Personal data, so neither printed nor serialised. */
  readonly entry: WebhookEntry;
}

/** A step that Oplead refuses for good: the user itself, or one of its rules. */
export interface RejectedStep {
  readonly step: SyncStep;
  readonly error: OpleadError;
}

/** An entry that Oplead refuses for good, in whole or in part. */
export interface WebhookRejection extends WebhookOutcome {
  readonly outcome: "rejected";
  /** Why: the first of `failed`. Oplead's own words are in `error.body`. */
  readonly error: OpleadError;
  /** Every step that was refused. Steps that are not here were accepted, so the user may be in Oplead without a rule. */
  readonly failed: readonly RejectedStep[];
}

/** Options of {@link createUserWebhook}. */
export interface UserWebhookOptions<Event = unknown> {
  /**
   * How deliveries are told from forgeries: {@link standardWebhooks}, {@link hmacSignature}, {@link stripeStyle} or a
   * function of your own. `"none"` accepts what anybody sends, so something before the webhook has to check.
   */
  readonly verify: Verifier | "none";
  /**
   * Makes users of an event: one entry, several, or null for an event that does not concern Oplead. May be asynchronous.
   * An error with `issues` (Zod's, Valibot's, an {@link OpleadError} `invalid_input`) is answered 400, an OpleadError that
   * is retryable 503, as when Oplead is asked for a country while it is down; any other 500.
   */
  readonly map: (event: Event, context: WebhookEventContext) => MappedEvent | Promise<MappedEvent>;
  /** What is in Oplead already. May be the ledger of a batch that runs at the same time. Default: none. */
  readonly ledger?: Ledger | undefined;
  /** The ids of the deliveries done. Default: {@link memoryDeliveries}, in this process. */
  readonly deliveries?: DeliveryStore | undefined;
  /**
   * Where a delivery's id is: a header, or a function of the event. Default: what the signature vouches for, else the
   * headers `webhook-id`, `x-github-delivery` and `x-shopify-webhook-id`.
   */
  readonly deliveryId?: string | ((event: Event, headers: Headers) => string | undefined) | undefined;
  /**
   * Called for each entry that Oplead refuses for good, so that somebody sees to it. It is waited for: when it fails, the
   * sender is told to come again. Default: a line in the log.
   */
  readonly onRejected?: ((rejection: WebhookRejection) => void | Promise<void>) | undefined;
  /** What the sender is told when Oplead refuses for good. Default 200: with a 422 many would repeat it for days. */
  readonly rejectedStatus?: 200 | 422 | undefined;
  /** Called for each entry that was dealt with, rejections included. What it throws is logged and changes nothing. */
  readonly onOutcome?: ((outcome: WebhookOutcome) => void | Promise<void>) | undefined;
  /** Default 1,048,576 (1 MiB). */
  readonly maxBodyBytes?: number | undefined;
  /**
   * When the sender is told to come again although the work goes on, in milliseconds. Shorter than the sender's own
   * patience. Default 10,000.
   */
  readonly respondWithinMs?: number | undefined;
  /** Where the reasons of refusals go. Default: the client's logger. */
  readonly logger?: OpleadLogger | undefined;
  /** The time that signatures are held against, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** What `map` may give. */
export type MappedEvent = WebhookEntry | readonly WebhookEntry[] | null;

/** The options with every default filled in. */
export type WebhookSettings<Event> = UserWebhookOptions<Event> & {
  readonly deliveries: DeliveryStore;
  readonly rejectedStatus: 200 | 422;
  readonly maxBodyBytes: number;
  readonly respondWithinMs: number;
  readonly now: () => number;
};

const KNOWN = new Set([
  ...["verify", "map", "ledger", "deliveries", "deliveryId", "onRejected", "rejectedStatus", "onOutcome"],
  ...["maxBodyBytes", "respondWithinMs", "logger", "now"],
]);

/** What a timer can wait for. */
const MAX_MS = 2 ** 31 - 1;

/** Checks all options and fills in the defaults. Throws one `invalid_options` that lists every problem. */
export function readWebhookOptions<Event>(
  options: UserWebhookOptions<Event>,
  clientLogger: OpleadLogger | undefined,
): WebhookSettings<Event> {
  const issues: OpleadIssue[] = [];
  const check = (path: string, isRight: boolean, message: string): void => {
    if (!isRight) issues.push({ path, message });
  };
  const given: Partial<Record<keyof UserWebhookOptions, unknown>> = options ?? {};
  const { verify, rejectedStatus, deliveryId } = given;
  for (const name of Object.keys(given)) check(name, KNOWN.has(name), "is not an option");
  check(
    "verify",
    verify === "none" || typeof verify === "function",
    'must say how deliveries are verified: standardWebhooks, hmacSignature, stripeStyle, a function, or "none"',
  );
  check("map", typeof given.map === "function", "must be a function from an event to entries");
  check("rejectedStatus", [undefined, 200, 422].includes(rejectedStatus as undefined), "must be 200 or 422");
  const isIdSource = deliveryId === undefined || typeof deliveryId === "function" || typeof deliveryId === "string";
  check("deliveryId", isIdSource, "must be the name of a header, or a function");
  for (const name of ["onRejected", "onOutcome", "now"] as const) {
    check(name, given[name] === undefined || typeof given[name] === "function", "must be a function");
  }
  for (const [name, methods] of [
    ["ledger", ["get", "set"]],
    ["deliveries", ["has", "add"]],
  ] as const) {
    check(name, given[name] === undefined || hasMethods(given[name], methods), `must have ${methods.join(" and ")}`);
  }
  const levels = ["debug", "info", "warn", "error"] as const;
  check("logger", given.logger === undefined || hasMethods(given.logger, levels), `must have ${levels.join(", ")}`);
  for (const name of ["maxBodyBytes", "respondWithinMs"] as const) {
    check(name, given[name] === undefined || isPositive(given[name]), "must be a whole number above 0");
  }
  if (issues.length > 0) throw invalid("invalid_options", "createUserWebhook: the options are not valid.", issues);
  const { now = () => Date.now() } = options;
  return {
    ...options,
    deliveries: options.deliveries ?? memoryDeliveries({ now }),
    rejectedStatus: options.rejectedStatus ?? 200,
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    respondWithinMs: options.respondWithinMs ?? 10_000,
    logger: options.logger ? quiet(options.logger) : clientLogger,
    now,
  };
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  const methods = value as Readonly<Record<string, unknown>> | null;
  return typeof methods === "object" && methods !== null && names.every((name) => typeof methods[name] === "function");
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= MAX_MS;
}
