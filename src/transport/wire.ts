// What the transport and the senders of the run times exchange.
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  // The sender adds its own.
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly binary: boolean;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null; forEach(tell: (value: string, name: string) => void): void };
  readonly text: string;
  // Set only for a `binary` request, and then instead of `text`.
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
}

export interface Sending {
  readonly answer: Promise<WireAnswer>;
  cancel(): void;
}

// Follows no redirects, repeats nothing.
export type Send = (request: WireRequest) => Sending;
