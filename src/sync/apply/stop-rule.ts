import type { OpleadError } from "../../base/errors.ts";
import type { OpleadErrorCode } from "../../base/oplead-error-code.ts";
import { tellStop } from "../../locales/en/sync.ts";
import type { StopOptions } from "../types/options.ts";
import type { StopReason } from "../types/records.ts";

/** Failures that tell nothing about Oplead's opinion: there was no answer, or none to the question whether a user exists. */
const NO_ANSWER = new Set<OpleadErrorCode>(["token_unavailable", "connection", "timeout", "ambiguous_creation"]);

/** Oplead's answers about the content of one user, whatever becomes of it. A record that is wrong is no failure of Oplead. */
const REFUSAL = new Set<OpleadErrorCode>(["refused", "conflict", "invalid_input"]);

/** How many calls are recent, and how many there must be before their share of failures counts. */
const RECENT_CALLS = 20;

/** Watches the calls of a run and decides when going on makes no sense: only failures of Oplead, the network or the token say so. */
export class StopRule {
  readonly #limits: { readonly [Name in keyof StopOptions]-?: number };
  /** Of the recent calls, whether each failed. */
  readonly #recent: boolean[] = [];
  /** Calls in a row that Oplead did not answer. */
  #unanswered = 0;
  reason: StopReason | undefined;

  constructor({ connectionFailures = 5, failureShare = 0.5 }: StopOptions) {
    this.#limits = { connectionFailures, failureShare };
  }

  /** Oplead accepted a step. */
  succeeded(): void {
    this.#remember(false);
    this.#unanswered = 0;
  }

  /** A step failed. `held`: Oplead refused it for good, for its content or because the platform has no such rule. */
  failed(error: OpleadError, held: boolean): void {
    if (held || REFUSAL.has(error.code)) {
      // However many there are: Oplead answers, and each of them is held by itself.
      this.succeeded();
      return;
    }
    this.#remember(true);
    const isSilence = error.status === undefined && NO_ANSWER.has(error.code);
    this.#unanswered = isSilence || error.code === "unexpected_response" ? this.#unanswered + 1 : 0;
    this.reason ??= this.#whyStop(error);
  }

  #remember(hasFailed: boolean): void {
    this.#recent.push(hasFailed);
    if (this.#recent.length > RECENT_CALLS) this.#recent.shift();
  }

  #whyStop({ code, status, retryAfterMs }: OpleadError): StopReason | undefined {
    const { connectionFailures, failureShare } = this.#limits;
    if (code === "unauthorized") return tellStop("unauthorized");
    // Nothing was sent, because of a pause that ends after the call: no other call can start before either.
    const isPaused = code === "rate_limited" && status === undefined && retryAfterMs !== undefined;
    if (isPaused) return tellStop("told_to_wait", { ms: retryAfterMs });
    const calls = this.#unanswered;
    if (calls >= connectionFailures) {
      const isNamed = code === "unexpected_response" || code === "token_unavailable";
      return tellStop(isNamed ? code : "connection", { calls });
    }
    const failed = this.#recent.filter((hasFailed) => hasFailed).length;
    if (this.#recent.length < RECENT_CALLS || failed / this.#recent.length <= failureShare) return undefined;
    return tellStop("too_many_failures", { failed, calls: this.#recent.length, last: code });
  }
}
