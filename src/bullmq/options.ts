import type { ValueProblem } from "../core/issues.ts";
import type { OpleadLogger } from "../core/log.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import {
  argumentsCheck,
  boolean,
  checkedBy,
  func,
  ledger,
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
} from "../core/validate.ts";
import * as z from "../core/zod.ts";
import type { Ledger, LedgerPlatform } from "../ledger/ledger.ts";
import { tellValue } from "../locales/en/core.ts";
import { tellQueue } from "../locales/en/webhook.ts";
import type { SourceUser } from "../reconcile/content.ts";
import type { SendOptions, UserOutcome } from "../reconcile/reconciliation.ts";
import { clientProblem, type RedisClient } from "../redis/client.ts";
import type { QueuedUserRequest } from "../sync/types/options.ts";

/** How to reach Redis or Valkey. For Sentinel, a cluster, or another option of ioredis, pass a client instead. */
export interface QueueConnection {
  /**
   * The whole address: `redis://user:password@host:port/db`, or `rediss://…` for TLS. It overrides the fields below.
   */
  readonly url?: string | undefined;
  /** The host of Redis. Default `"127.0.0.1"`. */
  readonly host?: string | undefined;
  /** The port of Redis. Default 6379. */
  readonly port?: number | undefined;
  /** The user of Redis. Default: none. */
  readonly username?: string | undefined;
  /** The password of Redis. Default: none. */
  readonly password?: string | undefined;
  /** The number of the database. Default 0. */
  readonly db?: number | undefined;
  /** TLS options of Node's `tls.connect`; `{}` for the defaults. */
  readonly tls?: Readonly<Record<string, unknown>> | undefined;
}

/** Options of {@link userQueue}. */
export interface UserQueueOptions {
  /**
   * A client of ioredis (`Redis`, with Sentinel too, or `Cluster`), as `redisLedger` takes it, or how to reach Redis.
   * The queue opens connections of its own with the options of a `Redis`, uses a `Cluster` itself, and closes neither.
   */
  readonly redis: RedisClient | QueueConnection;
  /**
   * The queue's name. Default: `oplead-users-` and the platform of the client, for example
   * `"oplead-users-api.oplead.com"`.
   */
  readonly name?: string | undefined;
  /**
   * The beginning of all keys in Redis. Default: `"bull"`, as in BullMQ itself; if `redis` is a cluster, `"{bull}"`. In
   * a cluster the prefix must have braces.
   */
  readonly prefix?: string | undefined;
  /**
   * Encrypts what is stored of users (AES-GCM): 32 bytes as base64, for example from `openssl rand -base64 32`. All
   * processes need the same key. To change it, give every process a list with the newest key first, and take the old
   * one out once the queue is empty. `false` stores them in clear: Redis then has names, addresses and e-mail
   * addresses, and writes them to its disk too.
   */
  readonly encryptionKey: string | readonly string[] | false;
  /**
   * Whether the state of a user is stored until a worker has acknowledged it. `false`: only the account number is
   * stored, and workers read the user with {@link UserWorkerOptions.load}. Default true.
   */
  readonly storeUsers?: boolean | undefined;
  /** How long a user that no worker acknowledges stays stored, in milliseconds. Default 604,800,000 (seven days). */
  readonly inboxTtlMs?: number | undefined;
  /** Maximum attempts of a job before it stays in the failed set. Default 12. */
  readonly attempts?: number | undefined;
  /** The first wait between two attempts, in milliseconds; it doubles up to 300,000. Default 2,000. */
  readonly backoffMs?: number | undefined;
  /**
   * How long Redis may take to answer, in milliseconds. After that a method throws `queue_unavailable`. Default 10,000.
   */
  readonly timeoutMs?: number | undefined;
  /** Gets the log lines of the queue and its workers. Default: the client's logger. */
  readonly logger?: OpleadLogger | undefined;
}

/** Options of {@link UserQueue.enqueue}. */
export interface EnqueueOptions {
  /**
   * Whether the user is sent in test mode: only a worker in test mode then takes the user. Default: as the client of
   * the queue.
   */
  readonly testMode?: boolean | undefined;
  /** Sends steps that Oplead has accepted before, too. Default false. */
  readonly resend?: boolean | undefined;
  /**
   * Sends steps again that Oplead refused, although their content is the same: all of them, or those listed. Default
   * false.
   */
  readonly retryHeld?: SendOptions["retryHeld"];
  /** The platform to which the user belongs. It must be the platform of the queue, which is the default. */
  readonly platform?: LedgerPlatform | undefined;
}

/** Options of {@link UserQueue.startWorker}. */
export interface UserWorkerOptions {
  /**
   * The ledger that all workers share. With several machines it should offer leases and compare-and-set: `redisLedger`.
   */
  readonly ledger: Ledger;
  /** How many users are worked on at once. Default: the client's `maxConcurrency`. */
  readonly concurrency?: number | undefined;
  /**
   * Reads the user from the source when a worker takes its job. If it returns null or undefined, the source no longer
   * has the user, and nothing is sent. Required with `storeUsers: false`. Default: the state that was enqueued.
   */
  readonly load?: ((accountNumber: string) => Promise<SourceUser | null | undefined>) | undefined;
  /**
   * Called after every attempt to sync a user; `final` is false if another attempt follows. If the function throws, the
   * worker logs that and goes on.
   */
  readonly onUser?: ((user: UserOutcome) => void) | undefined;
  /**
   * How long a worker may show no sign of life before its users are given to another worker, in milliseconds. A worker
   * that was killed is noticed after this time plus a third of it. {@link UserWorker.close} waits as long for users
   * under way. Default 30,000.
   */
  readonly lockMs?: number | undefined;
}

/** A running worker. */
export interface UserWorker {
  /**
   * Whether Redis has answered the worker's question for a job, or another request of the worker, within the last
   * `lockMs`.
   */
  isHealthy(): boolean;
  /**
   * Stops the worker: finishes the users that it works on, but waits no longer than `lockMs`, even if Redis is down.
   * May be called twice.
   */
  close(): Promise<void>;
}

/** How many jobs are in each state. */
export interface QueueStatus {
  readonly waiting: number;
  readonly active: number;
  /** Jobs that wait for their next attempt, for the end of a pause, or for a worker that may take them. */
  readonly delayed: number;
  /** Jobs that are out of attempts. See {@link UserQueue.retryFailed}. */
  readonly failed: number;
  readonly completed: number;
  /** Users that are stored and not acknowledged. */
  readonly inbox: number;
  /** When the oldest waiting job was added, in milliseconds since 1970. Undefined if no job waits. */
  readonly oldestWaitingAt: number | undefined;
}

/** A job that is out of attempts. Holds no personal data. */
export interface FailedJob {
  readonly jobId: string;
  readonly code: OpleadErrorCode | undefined;
  readonly message: string;
  /** The text to send to the platform administrator, if Oplead had an error. */
  readonly supportReport: string | undefined;
}

/** The longest time that a record may stay in the inbox: ten years. */
const MAX_TTL_MS = 10 * 365 * 24 * 60 * 60 * 1000;

const anyObject = () => valueThat((value) => typeof value === "object" && value !== null, tellValue("not_object"));
const isKey = (value: unknown) => typeof value === "string" && /^[A-Za-z0-9+/]{43}={0,2}$/.test(value);

/**
 * Checks the connection strictly. If BullMQ got a copy of a client, or a misspelt field, it would connect to the
 * default address.
 */
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
  return z.checked(client, checkedBy(unless(isClient, options<QueueConnection>(fields))));
}

/**
 * BullMQ waits for events on a copy of the cluster's client. If the client limits retries, such a wait would end as a
 * failed request.
 */
function clusterProblem(client: unknown): ValueProblem | undefined {
  const { maxRetriesPerRequest } = Object(Object((client as RedisClient).options).redisOptions);
  return maxRetriesPerRequest ? tellQueue("retries_in_cluster") : undefined;
}

/**
 * The check of the option `encryptionKey`. The option is required, so that users are stored in clear only if a
 * program says so.
 */
function encryptionKey(): Schema {
  const isList = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isKey);
  return valueThat((value) => value === false || isKey(value) || isList(value), tellQueue("not_encryption_key"));
}

/** Whether `redis` is a client of a cluster. In a cluster all keys of a queue must be in one slot. */
export const isCluster = (redis: unknown): boolean => typeof Object(redis).nodes === "function";

export const checkQueueOptions = /* @__PURE__ */ optionsCheck<UserQueueOptions>("userQueue", () =>
  z.checked(
    options<UserQueueOptions>(
      {
        name: matching(/^[\w.-]{1,100}$/, tellQueue("not_queue_name")),
        prefix: matching(/^[\w.{}-]{1,100}$/, tellQueue("not_key_prefix")),
        storeUsers: boolean(),
        inboxTtlMs: number(1, MAX_TTL_MS),
        attempts: wholeNumber(1, 1000),
        backoffMs: number(0, MAX_TIMER_MS),
        timeoutMs: number(1, MAX_TIMER_MS),
        logger: logger(),
      },
      { redis: redis(), encryptionKey: encryptionKey() },
    ),
    (payload) => {
      const { redis, prefix } = Object(payload.value);
      const isApart = isCluster(redis) && typeof prefix === "string" && !/\{.+\}/.test(prefix);
      if (isApart) report(payload, tellQueue("no_braces"), ["prefix"]);
    },
  ),
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

/** The check of a worker's options. `storeUsers`: whether its queue stores users. */
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
