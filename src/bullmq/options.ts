import type { ValueProblem } from "../core/issues.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import {
  argumentsCheck,
  boolean,
  filledText,
  func,
  ledger,
  MAX_TIMER_MS,
  matching,
  number,
  options,
  optionsCheck,
  record,
  type Schema,
  signal,
  text,
  valueThat,
  valueWithout,
  wholeNumber,
} from "../core/validate.ts";
import type { LedgerPlatform } from "../ledger/ledger.ts";
import { tellValue } from "../locales/en/core.ts";
import { tellQueue } from "../locales/en/webhook.ts";
import type { SourceUser } from "../reconcile/content.ts";
import type { ReconcileOptions, UserOutcome } from "../reconcile/reconciliation.ts";
import { clientProblem, type RedisClient } from "../redis/client.ts";
import type { RedisLedgerOptions } from "../redis/ledger.ts";
import type { QueuedUserRequest, SyncOptions } from "../sync/types/options.ts";

/** Options of {@link userQueue}. */
export interface UserQueueOptions extends Pick<RedisLedgerOptions, "timeoutMs"> {
  /**
   * Address, `redis://user:password@host:port/db` or `rediss://…` for TLS, with user and password percent-encoded; or a
   * client of ioredis (`Redis`, with Sentinel too, or `Cluster`), as `redisLedger` takes it. The queue opens
   * connections of its own with the options of a `Redis`, uses a `Cluster` itself, and closes neither.
   */
  readonly redis: string | RedisClient;
  /** Name of the queue. Default: `oplead-users-` and the client's platform, such as `"oplead-users-api.oplead.com"`. */
  readonly name?: string | undefined;
  /**
   * Key that encrypts stored users (AES-GCM), the same in all processes: 32 bytes as base64, for example from `openssl
   * rand -base64 32`. To change it, give a list with the newest first until the queue is empty. `false` stores names,
   * addresses and e-mail addresses in clear, also on the disk of Redis.
   */
  readonly encryptionKey: string | readonly string[] | false;
  /**
   * Stores a user's state until a worker has acknowledged it. `false`: stores the account number only, and workers read
   * the user with {@link UserWorkerOptions.load}. Default true.
   */
  readonly storeUsers?: boolean | undefined;
  /** @internal Time that an unacknowledged user stays stored, in milliseconds. Default 604,800,000 (seven days). */
  readonly inboxTtlMs?: number | undefined;
  /** Attempts of a job before it stays in the failed set. Default 12. */
  readonly attempts?: number | undefined;
  /** First wait between two attempts, in milliseconds; doubles up to 300,000. Default 2,000. */
  readonly backoffMs?: number | undefined;
}

/** Options of {@link UserQueue.enqueue}. */
export interface EnqueueOptions extends Pick<SyncOptions<never>, "resend">, Pick<ReconcileOptions, "retryHeld"> {
  /** @internal Only a worker in test mode takes a user of test mode. Default: the mode of the queue's client. */
  readonly testMode?: boolean | undefined;
  /** @internal Of the user, which must be the queue's. */
  readonly platform?: LedgerPlatform | undefined;
}

/**
 * Options of {@link UserQueue.startWorker}. All workers share the ledger: for several machines, `redisLedger`. A worker
 * has as many users in flight as its client's `maxConcurrency`.
 */
export interface UserWorkerOptions extends Pick<SyncOptions<never>, "ledger"> {
  /**
   * Reads the user from the source as its job begins. If it gives null or undefined, the source no longer has the user:
   * nothing is sent. Required with `storeUsers: false`. Default: the state that was enqueued.
   */
  readonly load?: ((accountNumber: string) => Promise<SourceUser | null | undefined>) | undefined;
  /** Called after each attempt; `final` is false if another follows. What it throws is logged. */
  readonly onUser?: ((user: UserOutcome) => void) | undefined;
  /**
   * Time without a sign of life after which a worker's users go to another one, in milliseconds; noticed after a third
   * more. {@link UserWorker.close} waits as long for users in flight. Default 30,000.
   */
  readonly lockMs?: number | undefined;
}

/** A running worker. */
export interface UserWorker {
  /** True if, within the last `lockMs`, Redis answered and the worker took jobs or had none to take. */
  isHealthy(): boolean;
  /** Finishes users in flight, within `lockMs`, even if Redis is down. May be called twice. */
  close(): Promise<void>;
}

/** Numbers of jobs by state. */
export interface QueueStatus {
  readonly waiting: number;
  readonly active: number;
  /** Jobs that wait for an attempt, for the end of a pause, or for a worker that may take them. */
  readonly delayed: number;
  /** Jobs out of attempts: see {@link UserQueue.retryFailed}. */
  readonly failed: number;
  readonly completed: number;
  /** Users stored and not acknowledged. */
  readonly inbox: number;
  /** Time at which the oldest waiting job was added, in milliseconds since 1970; undefined if none waits. */
  readonly oldestWaitingAt: number | undefined;
}

/** A job out of attempts, without personal data. */
export interface FailedJob {
  readonly jobId: string;
  readonly code: OpleadErrorCode | undefined;
  readonly message: string;
  /** Text for the platform administrator, if Oplead had an error. */
  readonly supportReport: string | undefined;
}

const MAX_TTL_MS = 10 * 365 * 24 * 60 * 60 * 1000;

const isKey = (value: unknown) => typeof value === "string" && /^[A-Za-z0-9+/]{43}={0,2}$/.test(value);

// With a copy of a client BullMQ would connect to the default address.
function redis(): Schema {
  return valueWithout((value) => {
    if (typeof value === "string" && /^rediss?:\/\//.test(value)) return undefined;
    if (typeof Object(value).duplicate !== "function") return tellQueue("not_redis_url");
    return clientProblem(value) ?? clusterProblem(value);
  });
}

// BullMQ copies the cluster's client to wait for events; limited retries would end such a wait.
function clusterProblem(client: unknown): ValueProblem | undefined {
  const { maxRetriesPerRequest } = Object(Object((client as RedisClient).options).redisOptions);
  return maxRetriesPerRequest ? tellQueue("retries_in_cluster") : undefined;
}

// The key is required, so that users are stored in clear only if a program says so.
function encryptionKey(): Schema {
  const isList = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isKey);
  return valueThat((value) => value === false || isKey(value) || isList(value), tellQueue("not_encryption_key"));
}

export const isCluster = (redis: unknown): boolean => typeof Object(redis).nodes === "function";

export const checkQueueOptions = /* @__PURE__ */ optionsCheck<UserQueueOptions>("userQueue", () =>
  options<UserQueueOptions>(
    {
      name: matching(/^[\w.-]{1,100}$/, tellQueue("not_queue_name")),
      storeUsers: boolean(),
      inboxTtlMs: number(1, MAX_TTL_MS),
      attempts: wholeNumber(1, 1000),
      backoffMs: number(0, MAX_TIMER_MS),
      timeoutMs: number(1, MAX_TIMER_MS),
    },
    { redis: redis(), encryptionKey: encryptionKey() },
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
    parent: text(),
    runId: filledText(),
    signal: signal(),
    drain: signal(),
  }),
);

export const workerOptionsCheck = (storeUsers: boolean) =>
  optionsCheck<UserWorkerOptions>("startWorker", () =>
    options(
      {
        onUser: func(),
        lockMs: number(1_000, MAX_TIMER_MS),
        load: func(),
      },
      { ledger: ledger(), ...(!storeUsers && { load: func(tellQueue("load_needed")) }) },
    ),
  );
