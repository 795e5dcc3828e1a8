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
  readonly runId?: string | undefined;
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
  readonly user?: string | undefined;
}

/** One HTTP request. `callId` and `sequence` together name it. */
export interface AttemptEvent extends Omit<CallEvent, "kind"> {
  readonly kind: "attempt";
  /** The request: `createUser` or `updateUser` in a call of `upsertUser`. Method and path template for the raw client. */
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
  readonly rule?: string | undefined;
  /** How long the request waited for its turn (`rateLimit`, `maxConcurrency`), in milliseconds. */
  readonly queueMs: number;
}

/** Work that begins. */
export type HookEvent = RunEvent | UserEvent | CallEvent | AttemptEvent;

/** The end of a piece of work. A field that does not apply to its kind is undefined. */
export interface HookEnd {
  /** From the beginning to the end, in milliseconds. */
  readonly durationMs: number;
  /**
   * Why the work failed; the first reason, if a run or a user failed in part. Of an attempt: why there is no answer, or a 429 or 5xx that
   * may be repeated. A 404 is an answer.
   */
  readonly error?: OpleadError | undefined;
  /** The `status` of a run's report, or what became of a user, for example `created`. */
  readonly outcome?: string | undefined;
  /** Of a run, a user or a call: HTTP requests sent, retries included. */
  readonly requests?: number | undefined;
  /** The HTTP status of an attempt, if an answer came. */
  readonly status?: number | undefined;
  /** The request id of that answer, if there is one. */
  readonly requestId?: string | undefined;
  /** How long the call waits before it repeats the attempt, in milliseconds. */
  readonly retryInMs?: number | undefined;
}

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
