/** A delivery as it arrived, before anybody believes it. */
export interface ReceivedDelivery {
  readonly headers: Headers;
  /** The bytes of the body as sent: what a signature is made over. */
  readonly body: Uint8Array;
  /** The time of arrival in milliseconds since 1970. */
  readonly now: number;
}

/** What a verifier finds out. */
export type Verification =
  | {
      readonly genuine: true;
      /** The delivery's id, when the signature covers it. */
      readonly deliveryId?: string | undefined;
    }
  | {
      readonly genuine: false;
      /** Why it probably failed, for the log. A function is asked only when the reason will be read. */
      readonly reason?: string | (() => string | Promise<string>) | undefined;
    };

/**
 * Tells whether a delivery is genuine. Nothing but `true` or `{ genuine: true }` is a yes: whatever else is returned, and
 * whatever is thrown, is a no.
 */
export type Verifier = (delivery: ReceivedDelivery) => boolean | Verification | Promise<boolean | Verification>;

/** Options that the signature schemes have in common. */
export interface SecretOptions {
  /**
   * The secrets shared with the sender. Several while they are being changed: a signature by any of them counts. Text
   * is used as UTF-8; bytes are used as they are.
   */
  readonly secrets: readonly (string | Uint8Array)[];
}

/** How far the sender's clock may be from ours. */
export interface ToleranceOptions {
  /** In seconds, into the past and into the future. Default 300. */
  readonly toleranceSeconds?: number | undefined;
}
