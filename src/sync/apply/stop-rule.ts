import type { OpleadError } from "../../base/errors.ts";
import type { OpleadErrorCode } from "../../base/oplead-error-code.ts";
import { stopReason } from "../told.ts";
import type { StopOptions } from "../types/options.ts";
import type { StopReason } from "../types/records.ts";

/** Failures that tell nothing about Oplead's opinion: there was no answer, or none to the question whether a user exists. */
const NO_ANSWER = new Set<OpleadErrorCode>(["token_unavailable", "connection", "timeout", "ambiguous_creation"]);

/** Failures that are about the content of one user, and say little about the next one. */
const REFUSAL = new Set<OpleadErrorCode>(["refused", "conflict"]);

/** How many calls are recent, and how many there must be before their share of failures counts. */
const RECENT_CALLS = 20;

type Outcome = "success" | "failure" | "refusal";

/** Watches the calls of a run and decides when going on makes no sense. */
export class StopRule {
  readonly #limits: { readonly [Name in keyof StopOptions]-?: number };
  readonly #recent: Outcome[] = [];
  #calls = 0;
  #refusals = 0;
  /** Calls in a row that Oplead did not answer. */
  #unanswered = 0;
  reason: StopReason | undefined;

  constructor({ connectionFailures = 5, failureShare = 0.5 }: StopOptions) {
    this.#limits = { connectionFailures, failureShare };
  }

  succeeded(): void {
    this.#remember("success");
    this.#unanswered = 0;
  }

  failed(error: OpleadError): void {
    this.#remember(REFUSAL.has(error.code) ? "refusal" : "failure");
    const isSilence = error.status === undefined && NO_ANSWER.has(error.code);
    this.#unanswered = isSilence || error.code === "unexpected_response" ? this.#unanswered + 1 : 0;
    this.reason ??= this.#whyStop(error);
  }

  #remember(outcome: Outcome): void {
    this.#calls += 1;
    if (outcome === "refusal") this.#refusals += 1;
    this.#recent.push(outcome);
    if (this.#recent.length > RECENT_CALLS) this.#recent.shift();
  }

  #whyStop({ code, status, retryAfterMs }: OpleadError): StopReason | undefined {
    const { connectionFailures, failureShare } = this.#limits;
    if (code === "unauthorized") return stopReason("unauthorized");
    // Nothing was sent, because of a pause that ends after the call: no other call can start before either.
    const isPaused = code === "rate_limited" && status === undefined && retryAfterMs !== undefined;
    if (isPaused) return stopReason("told_to_wait", { ms: retryAfterMs });
    const calls = this.#unanswered;
    if (calls >= connectionFailures) {
      const isNamed = code === "unexpected_response" || code === "token_unavailable";
      return stopReason(isNamed ? code : "connection", { calls });
    }
    const failed = this.#recent.filter((outcome) => outcome !== "success").length;
    const isTooMuch = (amount: number, calls: number): boolean => amount / calls > failureShare;
    if (this.#recent.length < RECENT_CALLS || !isTooMuch(failed, this.#recent.length)) return undefined;
    // Records that are wrong stand together, for example those of one region. They end a run only if most of it is refused.
    const others = this.#recent.filter((outcome) => outcome === "failure").length;
    if (!isTooMuch(others, this.#recent.length) && !isTooMuch(this.#refusals, this.#calls)) return undefined;
    return stopReason("too_many_failures", { failed, calls: this.#recent.length, last: code });
  }
}
