import type { RequestFacts } from "../base/errors.ts";
import type { WireRequest } from "./send/wire.ts";

/** A call under way: one method of the client, however many requests it takes. */
export interface Call {
  /** Names the call in events and log lines. */
  readonly id: string;
  readonly operation: string;
  readonly testMode: boolean;
  /** The account number or id of the user concerned, fit to be shown. */
  readonly subject?: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly deadlineAt: number;
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP requests really sent so far. */
  requests: number;
  /** The request that was made last. */
  request?: RequestFacts;
}

/** What an error says about the call that it ended. */
export type CallFacts = Pick<Call, "operation" | "testMode" | "requests" | "subject" | "request">;

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
