import type { CallFacts } from "./answer.ts";
import type { WireRequest } from "./wire.ts";

/** A call under way: one method of the client, however many requests it takes. */
export interface Call extends CallFacts {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly deadlineAt: number;
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP requests really sent so far. */
  requests: number;
  /** When the last of them left. */
  sentAt: number;
}

/** A request before authentication and test mode. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly body: WireRequest["body"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
  /** Whether the answer is wanted as bytes, unread. */
  readonly binary?: boolean;
}
