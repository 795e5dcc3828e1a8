import type { OpleadIssue } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import {
  boolean,
  func,
  issueFinder,
  logger,
  MAX_TIMER_MS,
  nested,
  number,
  oneOf,
  optional,
  options,
  optionsCheck,
  text,
  valueThat,
  wholeNumber,
  withMethods,
} from "../base/validation/validate.ts";
import type { EnqueueOptions, UserQueueOptions, UserWorkerOptions } from "./options.ts";

/** The longest time that a record may stay in the inbox: ten years. */
const MAX_TTL_MS = 10 * 365 * 24 * 60 * 60 * 1000;

const anyObject = () => valueThat((value) => typeof value === "object" && value !== null, "must be an object");
const matching = (pattern: RegExp, expected: string) =>
  valueThat((value) => typeof value === "string" && pattern.test(value), expected);
const name = () => matching(/^[\w.-]{1,100}$/, "must be 1 to 100 letters, digits, dots, dashes or underscores");

const connectionIssues = issueFinder(() =>
  options({
    url: matching(/^rediss?:\/\//, "must begin with redis:// or rediss://"),
    host: text(),
    port: wholeNumber(1, 65_535),
    username: text(),
    password: text(),
    db: wholeNumber(0, 1_000_000),
    tls: anyObject(),
  }),
);

/** BullMQ would connect to the default address if it were given a copy of a client, or a misspelt field. */
function findConnectionIssues(given: unknown): OpleadIssue[] {
  const isClient = isObject(given) && typeof given.duplicate === "function";
  if (!isClient) return connectionIssues(given);
  return [{ path: "", message: "must say where Redis is, { url } or { host, port }, and not be a client" }];
}

export const checkQueueOptions = optionsCheck<UserQueueOptions>("userQueue", () =>
  options(
    {
      name: name(),
      prefix: name(),
      encryptionKey: matching(/^[A-Za-z0-9+/]{43}={0,2}$/, "must be 32 bytes as base64"),
      storeUsers: boolean(),
      inboxTtlMs: number(1, MAX_TTL_MS),
      attempts: wholeNumber(1, 1000),
      backoffMs: number(0, MAX_TIMER_MS),
      keepCompleted: wholeNumber(0, 1_000_000),
      timeoutMs: number(1, MAX_TIMER_MS),
      logger: logger(),
    },
    { connection: nested(findConnectionIssues) },
  ),
);

export const checkEnqueueOptions = optionsCheck<EnqueueOptions>("enqueue", () =>
  // The webhook also gives the delivery's id, which a queue does not need.
  options({ origin: oneOf("webhook", "batch"), testMode: boolean(), deliveryId: valueThat(() => true, "") }),
);

/** The check of a worker's options, in a queue that stores users or does not. */
export const workerOptionsCheck = (storeUsers: boolean) =>
  optionsCheck<UserWorkerOptions>("startWorker", () =>
    options(
      {
        concurrency: wholeNumber(1, 10_000),
        onUser: func(),
        lockMs: number(1_000, MAX_TIMER_MS),
        closeTimeoutMs: number(1, MAX_TIMER_MS),
        silentMs: number(1, MAX_TIMER_MS),
      },
      {
        oplead: anyObject(),
        ledger: withMethods(["get", "set", "entries", "close"], "must be a ledger, for example redisLedger(redis)"),
        load: storeUsers
          ? optional(func())
          : func("must be a function, because the queue stores no users (storeUsers: false)"),
      },
    ),
  );
