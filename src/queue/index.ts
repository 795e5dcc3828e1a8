export type { SourceUser } from "../reconcile/content.ts";
export type { Reconciliation } from "../reconcile/reconciliation.ts";
export type {
  EnqueueOptions,
  FailedJob,
  QueueConnection,
  QueueStatus,
  UserQueue,
  UserQueueOptions,
  UserWorker,
  UserWorkerOptions,
} from "./options.ts";
export { userQueue } from "./user-queue.ts";
