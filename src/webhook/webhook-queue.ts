import type { SourceUser } from "../reconcile/content.ts";

/** Takes users from a webhook, for a worker to reconcile later. The queue of `oplead-sdk/bullmq` fits. */
export interface WebhookQueue {
  /**
   * Resolves when the user is stored safely. If it rejects, the sender is answered 503 and sends the delivery again.
   * `testMode`: whether the receiving client is in test mode. The worker must then use `?test=true` too.
   */
  enqueue(user: SourceUser, context: { readonly testMode: boolean }): Promise<unknown>;
}
