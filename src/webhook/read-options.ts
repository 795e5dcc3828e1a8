import { invalid, type OpleadIssue } from "../errors.ts";
import { quiet } from "../observe.ts";
import type { OpleadLogger } from "../options.ts";
import { memoryDeliveries } from "./deliveries/memory.ts";
import type { DeliveryStore } from "./deliveries/store.ts";
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

const DEFAULT_MAX_BODY_BYTES = 1_048_576;
const DEFAULT_MAX_PENDING_BYTES = 32 * 1_048_576;

/** A refused event must leave a trace even where no logger was given. */
const CONSOLE: OpleadLogger = {
  debug: () => {},
  info: () => {},
  warn: (line) => console.warn(line),
  error: (line) => console.error(line),
};

const KNOWN = new Set([
  ...["verify", "map", "ledger", "deliver", "deliveries", "deliveryId", "onRejected", "rejectedStatus", "onOutcome"],
  ...["maxBodyBytes", "maxPendingBytes", "respondWithinMs", "logger", "now"],
]);

/** The longest time that a timer can wait. */
const MAX_MS = 2 ** 31 - 1;

/** Checks all options and fills in the defaults. Throws one `invalid_options` that lists every problem. */
export function readWebhookOptions<Event>(
  options: UserWebhookOptions<Event>,
  clientLogger: OpleadLogger | undefined,
): WebhookSettings<Event> {
  const issues = findIssues(options ?? {});
  if (issues.length > 0) throw invalid("invalid_options", "createUserWebhook: the options are not valid.", issues);
  const { now = () => Date.now(), maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  return {
    ...options,
    deliveries: options.deliveries ?? memoryDeliveries({ now }),
    rejectedStatus: options.rejectedStatus ?? 200,
    maxBodyBytes,
    maxPendingBytes: options.maxPendingBytes ?? Math.max(DEFAULT_MAX_PENDING_BYTES, maxBodyBytes),
    respondWithinMs: options.respondWithinMs ?? 10_000,
    logger: options.logger ? quiet(options.logger) : (clientLogger ?? CONSOLE),
    now,
  };
}

function findIssues(given: Partial<Record<keyof UserWebhookOptions, unknown>>): OpleadIssue[] {
  const issues: OpleadIssue[] = [];
  const check = (path: string, isRight: boolean, message: string): void => {
    if (!isRight) issues.push({ path, message });
  };
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
    ["deliver", ["enqueue"]],
    ["deliveries", ["has", "add"]],
    ["logger", ["debug", "info", "warn", "error"]],
  ] as const) {
    check(name, given[name] === undefined || hasMethods(given[name], methods), `must have ${methods.join(", ")}`);
  }
  const isDoubled = given.ledger !== undefined && given.deliver !== undefined;
  check("ledger", !isDoubled, "cannot be used with deliver: give it to the worker of the queue");
  for (const name of ["maxBodyBytes", "maxPendingBytes", "respondWithinMs"] as const) {
    check(name, given[name] === undefined || isPositive(given[name]), "must be a whole number above 0");
  }
  const { maxBodyBytes = DEFAULT_MAX_BODY_BYTES, maxPendingBytes } = given;
  if (isPositive(maxBodyBytes) && isPositive(maxPendingBytes)) {
    check("maxPendingBytes", (maxPendingBytes as number) >= (maxBodyBytes as number), "must not be below maxBodyBytes");
  }
  return issues;
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  const methods = value as Readonly<Record<string, unknown>> | null;
  return typeof methods === "object" && methods !== null && names.every((name) => typeof methods[name] === "function");
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= MAX_MS;
}
