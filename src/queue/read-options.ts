import type { ValueProblem } from "../base/issues.ts";
import { ledger } from "../base/validation/parts.ts";
import {
  argumentsCheck,
  boolean,
  checkedBy,
  func,
  logger,
  MAX_TIMER_MS,
  matching,
  number,
  options,
  optionsCheck,
  record,
  report,
  type Schema,
  signal,
  text,
  unless,
  valueThat,
  valueWithout,
  wholeNumber,
} from "../base/validation/validate.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import { tellValue } from "../locales/en/core.ts";
import { tellQueue } from "../locales/en/webhook.ts";
import { clientProblem, type RedisClient } from "../redis/client.ts";
import type { QueuedUserRequest } from "../sync/types/options.ts";
import type { EnqueueOptions, QueueConnection, UserQueueOptions, UserWorkerOptions } from "./options.ts";

/** The longest time that a record may stay in the inbox: ten years. */
const MAX_TTL_MS = 10 * 365 * 24 * 60 * 60 * 1000;

const anyObject = () => valueThat((value) => typeof value === "object" && value !== null, tellValue("not_object"));
const isKey = (value: unknown) => typeof value === "string" && /^[A-Za-z0-9+/]{43}={0,2}$/.test(value);

/** BullMQ would connect to the default address if it were given a copy of a client, or a misspelt field. */
function redis(): Schema {
  const isClient = (value: unknown) => typeof Object(value).duplicate === "function";
  const fields = {
    url: matching(/^rediss?:\/\//, tellQueue("not_redis_url")),
    host: text(),
    port: wholeNumber(1, 65_535),
    username: text(),
    password: text(),
    db: wholeNumber(0, 1_000_000),
    tls: anyObject(),
  };
  const client = valueWithout((value) =>
    isClient(value) ? (clientProblem(value) ?? clusterProblem(value)) : undefined,
  );
  return client.check(checkedBy(unless(isClient, options<QueueConnection>(fields))));
}

/** BullMQ duplicates a cluster to wait for events, and a wait that is counted as a failed request ends. */
function clusterProblem(client: unknown): ValueProblem | undefined {
  const { maxRetriesPerRequest } = Object(Object((client as RedisClient).options).redisOptions);
  return maxRetriesPerRequest ? tellQueue("retries_in_cluster") : undefined;
}

/** Whether Redis is a client of a cluster, where the keys of a queue have to be in one slot. */
export const isCluster = (redis: unknown): boolean => typeof Object(redis).nodes === "function";

export const checkQueueOptions = /* @__PURE__ */ optionsCheck<UserQueueOptions>("userQueue", () =>
  options<UserQueueOptions>(
    {
      name: matching(/^[\w.-]{1,100}$/, tellQueue("not_queue_name")),
      prefix: matching(/^[\w.{}-]{1,100}$/, tellQueue("not_key_prefix")),
      encryptionKey: valueThat(
        (value) => isKey(value) || (Array.isArray(value) && value.length > 0 && value.every(isKey)),
        tellQueue("not_encryption_key"),
      ),
      storeUsers: boolean(),
      inboxTtlMs: number(1, MAX_TTL_MS),
      attempts: wholeNumber(1, 1000),
      backoffMs: number(0, MAX_TIMER_MS),
      timeoutMs: number(1, MAX_TIMER_MS),
      logger: logger(),
    },
    { redis: redis() },
  ).check((payload) => {
    const { redis, prefix } = Object(payload.value);
    const isApart = isCluster(redis) && typeof prefix === "string" && !/\{.+\}/.test(prefix);
    if (isApart) report(payload, tellQueue("no_braces"), ["prefix"]);
  }),
);

const sending = () => ({
  testMode: boolean(),
  resend: boolean(),
  retryHeld: valueThat((value) => typeof value === "boolean" || Array.isArray(value), tellValue("not_boolean")),
  platform: options<LedgerPlatform>({ name: text() }, { baseUrl: text() }),
});
export const checkUser = /* @__PURE__ */ argumentsCheck("enqueue", () => ({ user: record() }));
export const checkLimit = /* @__PURE__ */ argumentsCheck("failed", () => ({
  limit: wholeNumber(0, Number.MAX_SAFE_INTEGER),
}));

export const checkEnqueueOptions = /* @__PURE__ */ optionsCheck<EnqueueOptions>("enqueue", () => options(sending()));

export const checkReconcileOptions = /* @__PURE__ */ optionsCheck<Partial<QueuedUserRequest>>("reconcileUser", () =>
  options({
    ...sending(),
    expectedRevision: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    doubtedAt: number(0, Number.MAX_SAFE_INTEGER),
    parent: text(),
    runId: text(),
    signal: signal(),
    drain: signal(),
  }),
);

/** The check of a worker's options, in a queue that stores users or does not. */
export const workerOptionsCheck = (storeUsers: boolean) =>
  optionsCheck<UserWorkerOptions>("startWorker", () =>
    options(
      {
        concurrency: wholeNumber(1, 10_000),
        onUser: func(),
        lockMs: number(1_000, MAX_TIMER_MS),
        load: func(),
      },
      { ledger: ledger(), ...(!storeUsers && { load: func(tellQueue("load_needed")) }) },
    ),
  );
