/**
 * One HTTP request. The types of this file describe what the transport passes to the function that sends requests, and
 * what it gets back. Each run time has a sending function of its own.
 */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  /** Whether the answer's body is wanted as bytes: the raw client may ask for a document. */
  readonly binary: boolean;
}

/** One HTTP answer, read to its end. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null; forEach(tell: (value: string, name: string) => void): void };
  readonly text: string;
  /** The body as bytes, if the request asked for bytes. Then `text` is empty. */
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
}

/** A request in flight: the promise of its answer, and the function that gives the request up. */
export interface Sending {
  readonly answer: Promise<WireAnswer>;
  cancel(): void;
}

/** Sends one request. Does not follow redirects and does not send a request again. */
export type Send = (request: WireRequest) => Sending;
