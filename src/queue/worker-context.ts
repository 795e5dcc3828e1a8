import type { OpleadLogger } from "../options.ts";
import type { Inbox } from "./inbox.ts";
import type { QueueConnection } from "./options.ts";

/** What a worker needs of its queue. */
export interface WorkerContext {
  readonly name: string;
  readonly prefix: string;
  readonly connection: QueueConnection;
  readonly inbox: Inbox;
  readonly backoffMs: number;
  readonly logger: OpleadLogger | undefined;
  /** Rejects if Redis does not answer. */
  ping(): Promise<unknown>;
  /** Gives every record without a job a new one, unless another worker has done so within that time. */
  recover(everyMs: number): Promise<void>;
}
