export type {
  EnqueueOptions,
  FailedJob,
  QueueStatus,
  UserQueueOptions,
  UserWorker,
  UserWorkerOptions,
} from "./options.ts";
export { type UserQueue, userQueue } from "./user-queue.ts";
