import type { OpleadIssue } from "../errors.ts";
import { quiet } from "../observe.ts";
import type { OpleadLogger } from "../options.ts";
import {
  boolean,
  func,
  issueFinder,
  logger,
  MAX_TIMER_MS,
  oneOf,
  options as optionsSchema,
  requireNoIssues,
  unless,
  wholeNumber,
  withMethods,
} from "../validation/validate.ts";
import { type DeliveryStore, memoryDeliveries } from "./deliveries.ts";
import type { UserWebhookOptions } from "./options.ts";

/** The options with every default filled in. */
export type WebhookSettings<Event> = UserWebhookOptions<Event> & {
  readonly deliveries: DeliveryStore;
  readonly rejectedStatus: 200 | 422;
  readonly maxBodyBytes: number;
  readonly maxPendingBytes: number;
  readonly respondWithinMs: number;
  readonly logger: OpleadLogger;
  readonly now: () => number;
};

const MIB = 1_048_576;

/** A refused event must leave a trace even where no logger was given. */
const CONSOLE: OpleadLogger = {
  debug: () => {},
  info: () => {},
  warn: (line) => console.warn(line),
  error: (line) => console.error(line),
};

const findOptionIssues = issueFinder(() =>
  optionsSchema(
    {
      ledger: withMethods(["get", "set"], "must be a ledger"),
      adoptPlatform: boolean(),
      deliver: withMethods(["enqueue"], "must be a queue with enqueue"),
      deliveries: withMethods(["has", "add"], "must be a delivery store with has and add"),
      deliveryId: unless((value) => typeof value === "string", func("must be the name of a header, or a function")),
      onRejected: func(),
      rejectedStatus: oneOf(200, 422),
      onOutcome: func(),
      maxBodyBytes: wholeNumber(1, Number.MAX_SAFE_INTEGER),
      maxPendingBytes: wholeNumber(1, Number.MAX_SAFE_INTEGER),
      respondWithinMs: wholeNumber(1, MAX_TIMER_MS),
      logger: logger(),
      now: func(),
    },
    {
      verify: unless(
        (value) => value === "none",
        func(
          'must say how deliveries are verified: standardWebhooks, hmacSignature, stripeStyle, a function, or "none"',
        ),
      ),
      map: func("must be a function from an event to entries"),
    },
  ),
);

/** Checks all options and fills in the defaults. Throws one `invalid_options` that lists every problem. */
export function readWebhookOptions<Event>(
  options: UserWebhookOptions<Event>,
  clientLogger: OpleadLogger | undefined,
): WebhookSettings<Event> {
  const issues = findOptionIssues(options);
  requireNoIssues("createUserWebhook: wrong options", issues.length > 0 ? issues : findConflicts(options));
  const { now = () => Date.now(), maxBodyBytes = MIB } = options;
  return {
    ...options,
    deliveries: options.deliveries ?? memoryDeliveries({ now }),
    rejectedStatus: options.rejectedStatus ?? 200,
    maxBodyBytes,
    maxPendingBytes: options.maxPendingBytes ?? Math.max(32 * MIB, maxBodyBytes),
    respondWithinMs: options.respondWithinMs ?? 10_000,
    logger: options.logger ? quiet(options.logger) : (clientLogger ?? CONSOLE),
    now,
  };
}

/** Problems of two options together. */
function findConflicts(options: UserWebhookOptions<never>): OpleadIssue[] {
  const { ledger, deliver, maxBodyBytes = MIB, maxPendingBytes = maxBodyBytes } = options;
  const issues: OpleadIssue[] = [];
  if (ledger !== undefined && deliver !== undefined) {
    issues.push({ path: "ledger", message: "cannot be used with deliver: give it to the worker of the queue" });
  }
  if (maxPendingBytes < maxBodyBytes) {
    issues.push({ path: "maxPendingBytes", message: "must not be below maxBodyBytes" });
  }
  return issues;
}
