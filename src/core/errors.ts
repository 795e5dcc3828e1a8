import type { Steps } from "../locales/en/incomplete.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { GuardFinding } from "./guard-finding.ts";
import type { OpleadIssue } from "./issues.ts";
import type { OpleadErrorCode } from "./names.ts";
import type { Outcome } from "./outcomes.ts";
import { plainWords, redactBody, safeCause, showIdentity } from "./redact.ts";

/** A step that failed: the user itself, or one of its rules. */
export interface FailedStep {
  readonly step: SyncStep;
  readonly error: OpleadFailure;
  /**
   * Oplead refused the content for good, so the step is held. False: the next reconciliation sends it again. Undefined
   * without a ledger.
   */
  readonly held?: boolean | undefined;
}

/**
 * What became of one user: the fields that each result for one user has. What they hold depends on `outcome`. Places
 * add fields beside them.
 */
export type UserResult<
  Of extends Outcome = "created" | "updated" | "unchanged" | "stale" | "held" | "incomplete" | "failed",
  AccountNumber extends string | undefined = string,
> = {
  readonly [One in Of]: {
    readonly accountNumber: AccountNumber;
    readonly outcome: One;
    /**
     * Oplead ID, which your program should store: the next update then needs one request. Not valid for a new user in
     * test mode. Of `setRules`: the identification that was given.
     */
    readonly id: One extends "created" | "updated" | "refreshed" | "incomplete" ? string : string | undefined;
    /** Steps that Oplead accepted: `user`, and each rule. They are not undone. */
    readonly applied: readonly SyncStep[];
    readonly failed: One extends "incomplete" | "failed"
      ? readonly [FailedStep, ...FailedStep[]]
      : One extends "stale"
        ? readonly FailedStep[]
        : readonly never[];
    /** Steps that were not sent: Oplead refused the same content before. */
    readonly held: readonly (FailedStep & {
      /** When Oplead refused this content first, ISO 8601. */
      readonly since: string;
    })[] &
      (One extends "held" ? { readonly 0: FailedStep } : unknown);
    /** HTTP requests, retries included. */
    readonly requests: number;
    /** Request ids in the answers, also of successes, for the support of Oplead or of a proxy. */
    readonly requestIds: readonly string[];
    /** Test mode: nothing was persisted. */
    readonly testMode: boolean;
  };
}[Of];

/**
 * A {@link UserResult} of requests for the user or its rules. {@link OpleadError.result} is one, and shows no personal
 * data when printed.
 */
export type SentResult<
  Of extends Outcome = "created" | "updated" | "incomplete" | "failed",
  AccountNumber extends string | undefined = string,
> = UserResult<Of, AccountNumber> & {
  /** True if Oplead did not have the user before. */
  readonly isNew: boolean;
  /**
   * Rules that test mode cannot check, because the user was only created in test mode: a `POST` with `?test=true`
   * persists nothing, so a rule's `PUT` gets a 404. A real run can set them.
   */
  readonly unverifiable: readonly RuleName[];
  /** Steps not tried, because they would have failed for the same reason as the step before them. */
  readonly notSent: readonly SyncStep[];
  /** The creation got no answer, and a later request found the user. */
  readonly recovered: boolean;
  /**
   * An earlier attempt ended without a known outcome (timeout, broken connection, a gateway's error). Oplead may still
   * carry it out and overwrite later writes. To be sure, write the user again some minutes later; a ledger notes it.
   */
  readonly inDoubt: boolean;
};

/**
 * An {@link OpleadError} with its type narrowed by `code`: after {@link isOpleadError}, `switch (error.code)` gives the
 * facts of each code.
 *
 * - `invalid_options`, `invalid_input`: `issues`
 * - `rate_limited`: `retryAfterMs`
 * - `unauthorized`, `forbidden`, `not_found`, `server_error`, `unexpected_response`: `status`
 * - `conflict`, `refused`: `status`, and `issues`, the fields that Oplead names
 * - `connection`: `cause`
 * - `incomplete`: `result`, and `cause`, the first error in `result.failed`
 * - `sync_refused`: `findings`, the reasons against the plan, and its `hash`
 */
export type OpleadFailure = {
  [Code in OpleadErrorCode]: OpleadError & { readonly code: Code } & (Code extends "invalid_options" | "invalid_input"
      ? { readonly issues: readonly OpleadIssue[] }
      : Code extends "rate_limited"
        ? { readonly retryAfterMs: number }
        : Code extends "conflict" | "refused"
          ? { readonly status: number; readonly issues: readonly OpleadIssue[] }
          : Code extends "unauthorized" | "forbidden" | "not_found" | "server_error" | "unexpected_response"
            ? { readonly status: number }
            : Code extends "connection"
              ? { readonly cause: Error }
              : Code extends "incomplete"
                ? { readonly result: NonNullable<OpleadError["result"]>; readonly cause: FailedStep["error"] }
                : Code extends "sync_refused"
                  ? { readonly findings: readonly GuardFinding[]; readonly hash: string }
                  : unknown);
}[OpleadErrorCode];

const FACTS = [
  "operation",
  "status",
  "requestId",
  "requests",
  "retryAfterMs",
  "testMode",
  "issues",
  "result",
  "fromOplead",
  "contradictory",
] as const satisfies readonly (keyof OpleadErrorDetails)[];

// The build sets it from "homepage" of package.json, which a release fills in.
declare const OPLEAD_RUNBOOK: string | undefined;

const RUNBOOK = typeof OPLEAD_RUNBOOK === "string" ? OPLEAD_RUNBOOK : undefined;

export type OpleadErrorDetails = {
  readonly [Fact in
    | "operation"
    | "status"
    | "requestId"
    | "requests"
    | "retryAfterMs"
    | "testMode"
    | "issues"
    | "result"
    | "fromOplead"
    | "contradictory"
    | "retryable"
    | "request"]?: OpleadError[Fact] | undefined;
} & { readonly body?: unknown; readonly cause?: unknown };

// `Symbol.for`: an application may load the package twice, as ESM and as CommonJS.
const brand = Symbol.for("oplead-sdk.OpleadError");

const WITH_ISSUES: ReadonlySet<OpleadErrorCode> = new Set(["invalid_options", "invalid_input", "refused", "conflict"]);

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

// The message tells the steps. The last frames of the stack are the caller's.
function inBrief(
  this: OpleadError,
  _depth: number,
  options: object,
  inspect: (value: unknown, options: object) => string,
): string {
  const isFrame = (line: string) => /^ +at /.test(line);
  const lines = (this.stack ?? "").split("\n");
  const stack = [...lines.filter((line) => !isFrame(line)), ...lines.filter(isFrame).slice(-5)].join("\n");
  const { cause: _, result: __, ...shown }: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(this);
  // The copy has no method, which would inspect a copy again.
  const own = { ...shown, stack: { value: stack }, [INSPECT]: { value: undefined } };
  return inspect(Object.create(Object.getPrototypeOf(this), own), options);
}

// Codes of errors whose cause comes from a store or config file, so that `plainWords` may show a part of it.
const WITH_PLAIN_WORDS: ReadonlySet<OpleadErrorCode> = new Set([
  "invalid_options",
  "ledger_unavailable",
  "queue_unavailable",
]);

/**
 * The one error this package throws. Switch on {@link OpleadError.code}, after {@link isOpleadError}.
 *
 * It holds no token and no personal data, however it is printed or logged. The two exceptions are never printed:
 * Oplead's answer in {@link OpleadError.body}, and what foreign code threw in {@link OpleadError.thrown}.
 */
export class OpleadError extends Error {
  /** `AbortError` for the code `aborted`, as in other functions that take a signal. */
  override readonly name: string = "OpleadError";
  /** The literal to switch on. */
  readonly code: OpleadErrorCode;
  /**
   * The error behind this one: an `OpleadError`, or of what foreign code threw its kind, its code, its place in the code
   * and the words of its message that hold no data.
   */
  declare readonly cause?: Error;
  /** Name of the call: `upsertUser`, `listCountries`; for the raw client, the method and the path. */
  declare readonly operation?: string;
  /** HTTP status, if an answer came. */
  declare readonly status?: number;
  /** Request id of the answer, from Oplead or a proxy. Quote it when you ask Oplead for help. */
  declare readonly requestId?: string;
  /** HTTP requests of the call, the failed ones included. */
  declare readonly requests?: number;
  /** The same call can succeed later without another input. */
  readonly retryable: boolean;
  /** Wait that Oplead asked for, in ms. `rate_limited` always has it: 8,000 if Oplead named no time. */
  declare readonly retryAfterMs?: number;
  /** Test mode (`?test=true`): nothing was persisted. */
  declare readonly testMode?: boolean;
  /**
   * Every problem, for `invalid_input` and `invalid_options`. For `refused` and `conflict`: the fields that Oplead names,
   * perhaps none; `path` is inside the user, or inside the rule that was refused. Other codes may have issues too.
   */
  declare readonly issues?: readonly OpleadIssue[];
  /**
   * What a write achieved that arrived only in part. `incomplete` always has it; other codes if Oplead accepted no rule
   * of `setRules` (`result.outcome` is `failed`), or if a call was aborted after the user had been written;
   * `reconcileUser` also if it was aborted earlier.
   */
  declare readonly result?: SentResult<"incomplete" | "failed", string | undefined>;
  /**
   * Oplead itself answered, which is assumed of a JSON body. False: a proxy or gateway. Undefined without an answer.
   */
  declare readonly fromOplead?: boolean;
  /** A creation was refused as a duplicate although no user with its account number is found. Try again later. */
  declare readonly contradictory?: boolean;

  readonly #body: unknown;
  readonly #thrown: unknown;
  readonly #request: OpleadError["request"];
  readonly #time = new Date();

  /** @internal */
  constructor(code: OpleadErrorCode, message: string, details: OpleadErrorDetails = {}) {
    super(message);
    const { cause } = details;
    const shown = isOpleadError(cause) ? cause : safeCause(cause, WITH_PLAIN_WORDS.has(code) ? plainWords : undefined);
    if (shown) Object.defineProperty(this, "cause", { value: shown, configurable: true, writable: true });
    this.#thrown = cause;
    this.code = code;
    if (code === "aborted") this.name = "AbortError";
    this.retryable = details.retryable ?? false;
    this.#body = details.body;
    this.#request = details.request;
    for (const name of FACTS) {
      const value = details[name] ?? (name === "issues" && WITH_ISSUES.has(code) ? [] : undefined);
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true, writable: true });
    }
    Object.defineProperty(this, brand, { value: true });
    // `name` is not enumerable, because util.inspect would print it twice.
    Object.defineProperty(this, "name", { enumerable: false });
    if (code === "incomplete") Object.defineProperty(this, INSPECT, { value: inBrief });
  }

  /** Oplead's answer: parsed JSON, or text. May hold personal data, so it is not enumerable and never printed. */
  get body(): unknown {
    return this.#body;
  }

  /** What foreign code threw, unchanged: it may hold personal data, so it is not enumerable and never printed. */
  get thrown(): unknown {
    return this.#thrown;
  }

  /** The request that failed last. Its path shows no identifier that may be personal. */
  get request(): { readonly method: string; readonly host: string; readonly path: string } | undefined {
    return this.#request;
  }

  /**
   * Address of the runbook's section about this code (cause, check, remedy); the code itself if the package was built
   * without the address of a site.
   */
  get docs(): string {
    return RUNBOOK === undefined ? this.code : `${RUNBOOK}#${this.code}`;
  }

  /** Everything but the answer's body and the stack, for a log file. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, retryable } = this;
    return { name, code, message, retryable, ...factsOf(this) };
  }

  /**
   * Text for Oplead's support when a server error stays unclear: time, operation, status, request id, requests, and the
   * structure of the answer without its values. The guide (best practices) sends unclear 500 errors to Oplead Care
   * through the platform administrator. For `incomplete`, it is about the first step that failed.
   */
  supportReport(): string {
    if (this.code === "incomplete" && isOpleadError(this.cause)) return this.cause.supportReport();
    const lines = [
      "Report for Oplead Care (pass it to your Oplead platform administrator, who contacts Oplead Care)",
      `time:       ${this.#time.toISOString()}`,
      `operation:  ${this.operation ?? "unknown"}`,
      `request:    ${this.#request ? `${this.#request.method} ${this.#request.path}` : "none"}`,
      `host:       ${this.#request?.host ?? "unknown"}`,
      `error:      ${this.code}`,
      `status:     ${this.status ?? "no answer"}`,
      `request id: ${this.requestId ?? "none given"}`,
      `requests:   ${this.requests ?? "unknown"}`,
      `test mode:  ${this.testMode === undefined ? "unknown" : this.testMode ? "yes, nothing was persisted" : "no"}`,
      `answer:     ${this.#body === undefined || this.#body === "" ? "empty" : JSON.stringify(redactBody(this.#body))}`,
    ];
    return lines.join("\n");
  }
}

export function asError(thrown: unknown): Error {
  const isError = typeof thrown === "object" && thrown !== null && "message" in thrown;
  return isError ? (thrown as Error) : new Error(`a ${typeof thrown} was thrown`, { cause: thrown });
}

function factsOf(error: OpleadError): Partial<OpleadErrorDetails> {
  return Object.fromEntries(FACTS.map((fact) => [fact, error[fact]]));
}

export function copyError(
  error: OpleadError,
  changes: OpleadErrorDetails & { readonly code?: OpleadErrorCode; readonly message?: string },
): OpleadFailure {
  const { code = error.code, message = error.message, ...details } = changes;
  const { body, thrown: cause, request, retryable } = error;
  const copied: Record<string, unknown> = { ...factsOf(error), retryable, request, body, cause };
  for (const [name, value] of Object.entries(details)) if (value !== undefined) copied[name] = value;
  return asFailure(new OpleadError(code, message, copied));
}

/**
 * An {@link OpleadError}, also of another copy of this package in the same process. Narrows to {@link OpleadFailure},
 * so that `switch (error.code)` gives the facts of each code.
 */
export function isOpleadError(value: unknown): value is OpleadFailure {
  return typeof value === "object" && value !== null && brand in value;
}

export function asFailure(error: OpleadError): OpleadFailure {
  return error as OpleadFailure; // each place that makes an error gives it the facts of its code
}

export function stepsOf({
  id = "",
  isNew,
  applied,
  unverifiable,
  failed,
  notSent,
}: NonNullable<OpleadError["result"]>): Steps {
  const shown = failed.map(({ step, error: { code, status } }) => ({ step, code, status }));
  return { id: showIdentity(id), isNew, applied, unverifiable, failed: shown, notSent };
}

const LINES = 20;

export function invalid(
  code: "invalid_input" | "invalid_options",
  what: string,
  issues: readonly OpleadIssue[],
  details: OpleadErrorDetails = {},
): OpleadError {
  const lines = issues.slice(0, LINES).map(({ path, message }) => `  - ${path === "" ? "" : `${path}: `}${message}`);
  if (issues.length > LINES) lines.push(`  and ${issues.length - LINES} more, all in error.issues`);
  return new OpleadError(code, `${what}\n${lines.join("\n")}`, { ...details, issues });
}

// Returns name and code of an error, without its message, which may quote data.
export function errorKind(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return [name, errorCode(error)].filter((part) => part && /^\w{1,60}$/.test(part)).join(" ") || "Error";
}

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

interface Reason {
  readonly code: string;
  readonly syscall?: unknown;
  readonly message?: unknown;
}

// Returns all reasons of an error: Node wraps one error for each address that it tried.
export function reasonsOf(error: unknown, depth = 0): Reason[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const { code, syscall, cause, errors, message } = error as Partial<Reason> & { cause?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return errors.flatMap((inner) => reasonsOf(inner, depth + 1));
  const below = reasonsOf(cause, depth + 1);
  if (below.length > 0) return below;
  if (typeof code === "string") return [{ code, syscall, message }];
  // Deno's error for a refused connection has no code.
  if (typeof message === "string" && /\(os error 111\)|Connection refused \(/.test(message)) {
    return [{ code: "ECONNREFUSED" }];
  }
  return [];
}

const PASSING =
  /^(?:E(?:CONN\w+|HOST\w+|NET\w+|PIPE|SOCKET|\w*TIMEDOUT|TIMEOUT|AI_AGAIN|NOTFOUND|AGAIN|BUSY|MFILE)|UND_ERR_(?:SOCKET|\w+_TIMEOUT)|Connection\w+|PROTOCOL_CONNECTION_LOST|(?:08|40|53)[\dA-Z]{3}|57P\d\d)$/;

// Tells whether trying again may help. An unknown error counts as lasting.
export function mayPass(error: unknown): boolean {
  const reasons = reasonsOf(error);
  if (reasons.length > 0) return reasons.every(({ code }) => PASSING.test(code));
  return error instanceof Error && error.name === "TimeoutError";
}
