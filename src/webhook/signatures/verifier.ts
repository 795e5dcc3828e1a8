/** A request as it arrived, before it is known to be genuine. */
export interface ReceivedDelivery {
  readonly headers: Headers;
  /** The bytes of the body as sent. The signature is computed over them. */
  readonly body: Uint8Array;
  /** The time of arrival in milliseconds since 1970. */
  readonly now: number;
}

/** The result of a verifier. */
export type Verification =
  | {
      readonly genuine: true;
      /** The delivery's id, when the signature covers it. */
      readonly deliveryId?: string | undefined;
    }
  | {
      readonly genuine: false;
      /** Why it probably failed, for the log. A function is called only if the line is written. */
      readonly reason?: string | (() => string | Promise<string>) | undefined;
    };

/**
 * Tells whether a delivery is genuine. Only `true` and `{ genuine: true }` mean yes. Any other result, and any error, means
 * no.
 */
export interface Verifier {
  (delivery: ReceivedDelivery): boolean | Verification | Promise<boolean | Verification>;
  /**
   * Optional. Says which header of the signature is missing; undefined if all are there. It is called before the body is
   * read, so that a request without a signature costs no memory. The built-in verifiers have it.
   */
  readonly findMissingHeader?: ((headers: Headers) => string | undefined) | undefined;
}

/** Options that the signature schemes have in common. */
export interface SecretOptions {
  /**
   * The secrets shared with the sender. Give several while a secret is being replaced: a signature with any of them is
   * accepted. Text is used as UTF-8; bytes are used as they are.
   */
  readonly secrets: readonly (string | Uint8Array)[];
}

/** How far the sender's clock may differ from this machine's. */
export interface ToleranceOptions {
  /** In seconds, into the past and into the future. Default 300. */
  readonly toleranceSeconds?: number | undefined;
}
