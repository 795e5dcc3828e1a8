import type { RequestFacts } from "../errors.ts";
import type { WireRequest } from "./send/wire.ts";

/** What an error says about the call that it ended. */
export interface CallFacts {
  readonly operation: string;
  readonly testMode: boolean;
  /** HTTP requests really sent so far. */
  readonly requests: number;
  /** The account number or id of the user concerned, fit to be shown. */
  readonly subject?: string | undefined;
  /** The request that was made last. */
  readonly request?: RequestFacts | undefined;
}

/** A call under way: one method of the client, however many requests it takes. */
export interface Call extends CallFacts {
  /** Names the call in events and log lines. */
  readonly id: string;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly deadlineAt: number;
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP requests really sent so far. */
  requests: number;
  request?: RequestFacts;
}

/** A request before authentication and test mode. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly body: WireRequest["body"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
  /** The rule that it sets, for events. */
  readonly rule?: string | undefined;
  /** Whether the answer is wanted as bytes, unread. */
  readonly binary?: boolean;
}
