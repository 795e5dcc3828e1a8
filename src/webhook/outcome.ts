import type { OpleadError } from "../errors.ts";
import type { SyncStep } from "../ledger/ledger.ts";
import type { SourceUser } from "../reconcile/content.ts";

/** A user as the source system has it now. With a `version` and a ledger, an older event changes nothing. */
export type WebhookEntry = SourceUser;

/** What `map` may return. */
export type MappedEvent = WebhookEntry | readonly WebhookEntry[] | null;

/**
 * What happened to an entry:
 *
 * - `created`, `updated`: Oplead has it now
 * - `unchanged`: Oplead already had it, as the ledger knows
 * - `stale`: Oplead already has a newer version
 * - `queued`: the queue has accepted it ({@link UserWebhookOptions.deliver})
 * - `rejected`: Oplead refused it, and repeating it changes nothing
 */
export type EntryOutcome = "created" | "updated" | "unchanged" | "stale" | "queued" | "rejected";

/** A handled entry. Printing it shows no personal data: {@link WebhookOutcome.entry} is not enumerable. */
export interface WebhookOutcome {
  readonly outcome: EntryOutcome;
  readonly deliveryId: string | undefined;
  /** Whether this was test mode: then nothing was persisted. */
  readonly testMode: boolean;
  /** The user's Oplead ID, where it is known. */
  readonly id: string | undefined;
  /** HTTP requests sent to Oplead. */
  readonly requests: number;
  /** The entry as `map` returned it. It holds personal data, so it is neither printed nor serialised. */
  readonly entry: WebhookEntry;
}

/** A step that Oplead refused and that would be refused again: the user itself, or one of its rules. */
export interface RejectedStep {
  readonly step: SyncStep;
  readonly error: OpleadError;
}

/** An entry that Oplead refused, in whole or in part. */
export interface WebhookRejection extends WebhookOutcome {
  readonly outcome: "rejected";
  /** Why: the error of the first step in `failed`. Oplead's own words are in `error.body`. */
  readonly error: OpleadError;
  /** Every refused step. The other steps were accepted, so Oplead may have the user without a rule. */
  readonly failed: readonly RejectedStep[];
}
