import type { OpleadIssue } from "../errors.ts";
import { isObject } from "../validation/is-object.ts";
import {
  boolean,
  func,
  issueFinder,
  logger,
  nested,
  number,
  oneOf,
  options,
  requireNoIssues,
  valueWithout,
  wholeNumber,
  withMethods,
} from "../validation/validate.ts";
import type { EnqueueOptions, UserQueueOptions, UserWorkerOptions } from "./options.ts";

const MAX_MS = 2 ** 31 - 1;

/** The longest time that a record may stay in the inbox: ten years. */
const MAX_TTL_MS = 10 * 365 * 24 * 60 * 60 * 1000;

const anyObject = () =>
  valueWithout((value) => (typeof value === "object" && value !== null ? undefined : "must be an object"));
const matching = (pattern: RegExp, expected: string) =>
  valueWithout((value) => (typeof value === "string" && pattern.test(value) ? undefined : expected));
const text = () => valueWithout((value) => (typeof value === "string" ? undefined : "must be text"));
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

const queueIssues = issueFinder(() =>
  options(
    {
      name: name(),
      prefix: name(),
      encryptionKey: matching(/^[A-Za-z0-9+/]{43}={0,2}$/, "must be 32 bytes as base64"),
      storeUsers: boolean(),
      inboxTtlMs: number(1, MAX_TTL_MS),
      attempts: wholeNumber(1, 1000),
      backoffMs: number(0, MAX_MS),
      keepCompleted: wholeNumber(0, 1_000_000),
      timeoutMs: number(1, MAX_MS),
      logger: logger(),
    },
    { connection: nested(findConnectionIssues) },
  ),
);

const enqueueIssues = issueFinder(() =>
  options({ origin: oneOf("webhook", "batch"), testMode: boolean(), deliveryId: valueWithout(() => undefined) }),
);

const workerIssues = issueFinder(() =>
  options(
    {
      concurrency: wholeNumber(1, 10_000),
      load: func(),
      onUser: func(),
      lockMs: number(1_000, MAX_MS),
      closeTimeoutMs: number(1, MAX_MS),
      silentMs: number(1, MAX_MS),
    },
    {
      oplead: anyObject(),
      ledger: withMethods(["get", "set", "entries", "close"], "must be a ledger, for example redisLedger(redis)"),
    },
  ),
);

/** @throws {@link OpleadError} `invalid_options`. */
export function checkQueueOptions(given: UserQueueOptions): void {
  requireNoIssues("userQueue: wrong options", queueIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`. */
export function checkEnqueueOptions(given: EnqueueOptions): void {
  requireNoIssues("enqueue: wrong options", enqueueIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`. */
export function checkWorkerOptions(given: UserWorkerOptions, usersAreStored: boolean): void {
  const issues = workerIssues(given);
  if (!usersAreStored && given?.load === undefined) {
    issues.push({ path: "load", message: "is required, because the queue stores no users (storeUsers: false)" });
  }
  requireNoIssues("startWorker: wrong options", issues);
}
