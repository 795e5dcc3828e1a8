import type { SourceUser } from "../reconcile/content.ts";

/** What a {@link UserQueue} learns beside the user. */
export interface EnqueueContext {
  /** The id of the delivery that the user came with, where it has one. */
  readonly deliveryId: string | undefined;
  /** Whether the receiving client is in test mode. The worker must then use `?test=true` too. */
  readonly testMode: boolean;
}

/** Takes users from a webhook, for a worker to reconcile later. */
export interface UserQueue {
  /** Resolves when the user is stored safely. If it rejects, the sender is answered 503 and sends the delivery again. */
  enqueue(user: SourceUser, context: EnqueueContext): Promise<unknown>;
}
