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
