import type { RequestFacts } from "../base/errors.ts";
import type { CallSettings } from "../settings/call-settings.ts";
import type { WireRequest } from "./send/wire.ts";

/** A call under way: one method of the client, however many requests it takes. */
export interface Call extends CallSettings {
  /** Names the call in events and log lines. */
  readonly id: string;
  readonly operation: string;
  /** The account number or id of the user concerned, fit to be shown. */
  readonly subject?: string | undefined;
  readonly deadlineAt: number;
  /**
   * Milliseconds that are left of the caller's lease of the user; undefined without a lease. It is asked right before each
   * request and bounds each attempt, so that a process that stood still sends nothing that another process may have
   * replaced. Then the call fails with `aborted`, retryable.
   */
  readonly leaseLeftMs: (() => number) | undefined;
  /** Collects the request ids that Oplead gives, if the caller wants them. */
  readonly requestIds: string[] | undefined;
  /** HTTP requests really sent so far. */
  requests: number;
  /** Whether an attempt that was repeated ended without a known outcome (timeout, broken connection, 5xx). */
  inDoubt: boolean;
  /** Whether Oplead may carry such an attempt out after the one that succeeded. Its own 5xx ends the work on a request. */
  mayComeLate: boolean;
  /** The request that was made last. */
  request?: RequestFacts;
}

/** Context shared by the calls that one caller makes for one user. */
export type Within = Partial<Pick<Call, "leaseLeftMs" | "requestIds">>;

/** The facts about a call in the error that ended it. */
export type CallFacts = Pick<Call, "operation" | "testMode" | "requests" | "subject" | "request">;

/** A request before authentication and test mode. */
export interface Outgoing {
  /** Its name in events. Default: the call's operation. */
  readonly operation?: string;
  readonly method: string;
  /** The path's template, for events. */
  readonly path?: string;
  readonly url: string;
  readonly body: WireRequest["body"];
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
  /** The rule that it sets, for events. */
  readonly rule?: string | undefined;
  /** Whether the answer is wanted as bytes, unread. */
  readonly binary?: boolean;
}
