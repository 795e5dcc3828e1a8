export type { Closeable } from "../core/run-time.ts";
export type { SourceUser } from "../reconcile/content.ts";
export type { Reconciliation } from "../reconcile/reconciliation.ts";
export type { RedisClient } from "../redis/client.ts";
export type {
  EnqueueOptions,
  FailedJob,
  QueueConnection,
  QueueStatus,
  UserQueueOptions,
  UserWorker,
  UserWorkerOptions,
} from "./options.ts";
export { type UserQueue, userQueue } from "./user-queue.ts";
