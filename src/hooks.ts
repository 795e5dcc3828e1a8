import type { OpleadError } from "./base/errors.ts";

/** One apply or verify of a plan. */
export interface RunEvent {
  readonly kind: "run";
  /** The run's id, as in its report. */
  readonly runId: string;
  readonly testMode: boolean;
  /** How many users have something to send. */
  readonly users: number;
}

/** One user that is brought in step with the source: by a run, an event of a webhook, a worker of a queue or `reconcileUser`. */
export interface UserEvent {
  readonly kind: "user";
  /** The user's account number. `[not shown]` if it may be personal data, such as an e-mail address. */
  readonly user: string;
  readonly testMode: boolean;
  /** The run that it belongs to, if there is one in this process. */
  readonly runId?: string;
}

/** One call of the client, however many requests it takes, with its wait for an earlier call for the same user. */
export interface CallEvent {
  readonly kind: "call";
  /** The same for every request of one call, and for no other call of the process. */
  readonly callId: string;
  /** The method: `upsertUser`, or method and path template for the raw client. */
  readonly operation: string;
  readonly testMode: boolean;
  /** The user's account number or id. `[not shown]` if it may be personal data, such as an e-mail address. */
  readonly user?: string;
}

/** One HTTP request. `callId` and `sequence` together name it. */
export interface AttemptEvent extends Omit<CallEvent, "kind"> {
  readonly kind: "attempt";
  /** What is sent: `createUser` or `updateUser` in a call of `upsertUser`. Method and path template for the raw client. */
  readonly operation: string;
  /** 1 for the call's first request, whatever it is, 2 for its second. */
  readonly sequence: number;
  readonly method: string;
  /** The address of Oplead, without what follows the port. */
  readonly origin: string;
  /** The path's template, for example `/v1/users/{userIdentification}`. */
  readonly path: string;
  /** 1 when the request is sent for the first time; 2 and more when it is repeated. */
  readonly attempt: number;
  /** The rule that the request sets, for example `geographical`. */
  readonly rule?: string;
  /** How long the request waited for its turn (`rateLimit`, `maxConcurrency`), in milliseconds. */
  readonly queueMs: number;
}

/** Work that begins. */
export type HookEvent = RunEvent | UserEvent | CallEvent | AttemptEvent;

/** What every end has. */
export interface HookEnding {
  /** From the beginning to the end, in milliseconds. */
  readonly durationMs: number;
  /** Why the work failed. A run or a user that failed in part has the first failure. */
  readonly error?: OpleadError;
}

/** A run that is over. */
export interface RunEnd extends RunEvent, HookEnding {
  /** The report's `status`, if there is a report. */
  readonly outcome?: string;
  /** HTTP requests sent, retries included. */
  readonly requests?: number;
}

/** A user that is done with. */
export interface UserEnd extends UserEvent, HookEnding {
  /** What became of the user, for example `created`; see `Reconciliation.outcome`. Undefined if the reconciliation threw. */
  readonly outcome?: string;
  /** HTTP requests sent, retries included. */
  readonly requests?: number;
}

/** A call that is over. */
export interface CallEnd extends CallEvent, HookEnding {
  /** HTTP requests sent, retries included. */
  readonly requests?: number;
}

/** A request that is over. It has a `status`, an `error`, or both: a 503 that may be repeated is an error too, a 404 is not. */
export interface AttemptEnd extends AttemptEvent, HookEnding {
  /** The HTTP status, if an answer came. */
  readonly status?: number;
  /** The answer's request id, if there is one. */
  readonly requestId?: string;
  /** How long the call waits before it sends the request again, in milliseconds. Undefined if it does not. */
  readonly retryInMs?: number;
}

/** Work that is over: the event, and what came of it. */
export type HookEnd = RunEnd | UserEnd | CallEnd | AttemptEnd;

/** An observer of work, for traces and metrics. It cannot change what the package does, nor its result. */
export interface OpleadHooks {
  /**
   * Called for each piece of work. `next` begins the work, within whatever context it is called, so that a span that is active
   * then is the parent of the spans inside. It gives the end, and never rejects.
   *
   * Call `next` once, and before the first `await`: work that has not begun when `around` returns begins then. Further calls of `next` give the
   * same end. What `around` throws or rejects with, before or after, is logged and changes nothing. Its result is ignored.
   *
   * A run holds users, a user holds calls, a call holds attempts. A call outside of a run has no user around it.
   */
  around(event: HookEvent, next: () => Promise<HookEnd>): unknown;
}
