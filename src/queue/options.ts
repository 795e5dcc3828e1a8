import type { OpleadLogger } from "../base/observe.ts";
import type { Oplead } from "../client/api.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { SourceUser } from "../reconcile/content.ts";
import type { Reconciliation } from "../reconcile/reconciliation.ts";

/** How to reach Redis or Valkey. */
export interface QueueConnection {
  /** The address with everything in it: `redis://user:password@host:port/db`, or `rediss://…` for TLS. Goes before the fields below. */
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
  /** Where Redis is. */
  readonly connection: QueueConnection;
  /** The queue's name. One queue for each Oplead platform. Default `"oplead-users"`. */
  readonly name?: string | undefined;
  /** What all keys in Redis begin with. Default `"bull"`, as BullMQ's own. */
  readonly prefix?: string | undefined;
  /**
   * Encrypts what is stored of a user until it is acknowledged (AES-GCM): 32 bytes as base64, for example of
   * `openssl rand -base64 32`. All processes need the same key. Default: not encrypted.
   */
  readonly encryptionKey?: string | undefined;
  /**
   * Whether the state of a user is stored until a worker has acknowledged it. `false`: only its account number is, and
   * workers read the user with {@link UserWorkerOptions.load}. Default true.
   */
  readonly storeUsers?: boolean | undefined;
  /** How long a user that no worker acknowledges stays stored, in milliseconds. Default 604,800,000 (seven days). */
  readonly inboxTtlMs?: number | undefined;
  /** How often a job is tried before it stays in the failed set. Default 12. */
  readonly attempts?: number | undefined;
  /** The first wait between two attempts, in milliseconds; it doubles up to 300,000. Default 2,000. */
  readonly backoffMs?: number | undefined;
  /** How many finished jobs stay visible, for a dashboard. Default 1,000. */
  readonly keepCompleted?: number | undefined;
  /** How long Redis may take to answer, in milliseconds. After that a method throws `queue_unavailable`. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** What gets the log lines. Default: none. */
  readonly logger?: OpleadLogger | undefined;
}

/** Options of {@link UserQueue.enqueue}. */
export interface EnqueueOptions {
  /** `"webhook"` goes before `"batch"`. Default `"webhook"`. */
  readonly origin?: "webhook" | "batch" | undefined;
  /** Whether the user is only rehearsed: a worker in test mode takes it, and no other. Default false. */
  readonly testMode?: boolean | undefined;
}

/** Options of {@link UserQueue.startWorker}. */
export interface UserWorkerOptions {
  /** The client that sends. */
  readonly oplead: Oplead;
  /** The ledger that all workers share. With several machines it should offer leases and compare-and-set: `redisLedger`. */
  readonly ledger: Ledger;
  /** Users at once. Default: the client's `maxConcurrency`. */
  readonly concurrency?: number | undefined;
  /**
   * Reads the user from the source when its turn comes. Null or undefined: the source no longer has it, and nothing is
   * sent. Required with `storeUsers: false`. Default: the state that was enqueued.
   */
  readonly load?: ((accountNumber: string) => Promise<SourceUser | null | undefined>) | undefined;
  /** Told after every user. What it throws is logged and changes nothing. */
  readonly onUser?: ((result: Reconciliation) => void) | undefined;
  /**
   * After how long without a sign of life of a worker its users are given to another, in milliseconds. A worker that was
   * killed is noticed after this and a third of it. Default 30,000.
   */
  readonly lockMs?: number | undefined;
  /** How long {@link UserWorker.close} waits for users under way, in milliseconds. Default 30,000. */
  readonly closeTimeoutMs?: number | undefined;
  /**
   * After how long a worker that neither worked nor asked for a job, although Redis answers, is replaced, in milliseconds.
   * Default 30,000.
   */
  readonly silentMs?: number | undefined;
}

/** A worker under way. */
export interface UserWorker {
  /** Whether it worked on a user, or asked Redis for one and got an answer, within the last `silentMs`. */
  isHealthy(): boolean;
  /** Finishes the users under way, but waits no longer than `closeTimeoutMs`, also if Redis is down. May be called twice. */
  close(): Promise<void>;
}

/** How many jobs are in which state. */
export interface QueueStatus {
  readonly waiting: number;
  readonly active: number;
  /** Jobs that wait for their next attempt. */
  readonly delayed: number;
  /** Jobs that are out of attempts. See {@link UserQueue.retryFailed}. */
  readonly failed: number;
  readonly completed: number;
  /** Users that are stored and not acknowledged. */
  readonly inbox: number;
}

/** A job that is out of attempts. Holds no personal data. */
export interface FailedJob {
  readonly jobId: string;
  readonly code: string | undefined;
  readonly message: string;
  /** What to send to the platform administrator, if Oplead had an error. */
  readonly supportReport: string | undefined;
}
