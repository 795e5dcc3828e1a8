import { isOpleadError } from "../base/errors.ts";
import type { OpleadErrorCode } from "../base/oplead-error-code.ts";

/** Failures about the token, the address, the ledger, the options or the rate. */
const CONCERNS_ALL: ReadonlySet<OpleadErrorCode> = new Set([
  "token_unavailable",
  "unauthorized",
  "forbidden",
  "not_found",
  "rate_limited",
  "invalid_options",
  "ledger_mismatch",
  "ledger_unavailable",
  "queue_unavailable",
]);

/** Failures that concern one user. */
const CONCERNS_ONE: ReadonlySet<OpleadErrorCode> = new Set([
  "invalid_input",
  "state_lost",
  "ledger_conflict",
  "aborted",
]);

const LONGEST_MS = 300_000;

/**
 * Decides whether a failure concerns all users of a worker. Then the worker pauses, and tries one user at a time after growing waits until one
 * succeeds; the jobs lose no attempt. Some failures always do. Others (no answer, 5xx, a page of a proxy) do when a second user meets
 * one and none has succeeded in between: a single user may be what makes Oplead fail.
 */
export class Pause {
  readonly #shortestMs: number;
  readonly #now: () => number;
  #lastFailed: string | undefined;
  #probes = 0;
  #beganAt = 0;
  #until = 0;

  constructor(shortestMs: number, now: () => number) {
    this.#shortestMs = shortestMs;
    this.#now = now;
  }

  /** Whether one user at a time is tried, because the ones before it failed. */
  get isOn(): boolean {
    return this.#probes > 0;
  }

  /** The time until the next user may be tried, in milliseconds. */
  get leftMs(): number {
    return Math.max(0, this.#until - this.#now());
  }

  /** Ends the pause. */
  succeeded(): void {
    this.#lastFailed = undefined;
    this.#probes = 0;
    this.#until = 0;
  }

  /** Whether the failure concerns all users. Then the pause begins, or goes on. `startedAt`: when the work on the user began. */
  failed(key: string, error: unknown, startedAt: number): boolean {
    const code = isOpleadError(error) ? error.code : undefined;
    if (code && CONCERNS_ONE.has(code)) return false;
    const isSecond = this.#lastFailed !== undefined && this.#lastFailed !== key;
    this.#lastFailed = key;
    if (!this.isOn && !isSecond && !(code && CONCERNS_ALL.has(code))) return false;
    // Those that were under way when the pause began say nothing new.
    if (this.isOn && startedAt < this.#beganAt) return true;
    const askedMs = (isOpleadError(error) && error.retryAfterMs) || 0;
    const ms = Math.max(this.#shortestMs * 2 ** this.#probes, askedMs);
    this.#probes += 1;
    this.#beganAt = this.#now();
    this.#until = this.#beganAt + Math.min(LONGEST_MS, ms);
    return true;
  }
}
