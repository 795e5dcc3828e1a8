import type { OpleadError, OpleadErrorCode, OpleadIssue } from "../../errors.ts";
import type { HealthChange, StopOptions } from "../options.ts";
import type { StopReason } from "../records.ts";

/** What is wrong with the thresholds. */
export function stopIssues(options: StopOptions = {}): OpleadIssue[] {
  const { connectionFailures = 1, failureShare = 0, recentCalls = 1 } = options;
  const issues: OpleadIssue[] = [];
  const atLeastOne = "must be 1 or more";
  if (!(connectionFailures >= 1)) issues.push({ path: "stop.connectionFailures", message: atLeastOne });
  if (!(failureShare >= 0 && failureShare <= 1)) {
    issues.push({ path: "stop.failureShare", message: "must be a share from 0 to 1" });
  }
  if (!(recentCalls >= 1)) issues.push({ path: "stop.recentCalls", message: atLeastOne });
  return issues;
}

export function ledgerFailed({ message }: OpleadError): StopReason {
  const advice = "Without it nothing can be remembered; mend it and run again.";
  return { code: "ledger_failed", message: `${message} ${advice}` };
}

/** The call ended and nobody knows how: with no answer, or with none to the question whether a creation happened. */
const NO_ANSWER: ReadonlySet<OpleadErrorCode> = new Set<OpleadErrorCode>([
  "connection",
  "timeout",
  "ambiguous_creation",
]);

/** So many in a row without a success, or with one, change the state: one failure among many is not worth a word. */
const IN_A_ROW = 3;

/** Watches the calls of a run: tells when Oplead begins to fail or works again, and when to stop. */
export class Health {
  readonly #connectionFailures: number;
  readonly #failureShare: number;
  readonly #recentCalls: number;
  readonly #onChange: ((change: HealthChange) => void) | undefined;
  readonly #recent: boolean[] = [];
  #health: HealthChange["health"];
  #successes = 0;
  #failures = 0;
  #unanswered = 0;
  #stopReason: StopReason | undefined;

  constructor(
    options: StopOptions,
    onChange: ((change: HealthChange) => void) | undefined,
    before: HealthChange["health"],
  ) {
    this.#connectionFailures = options.connectionFailures ?? 5;
    this.#failureShare = options.failureShare ?? 0.5;
    this.#recentCalls = options.recentCalls ?? 20;
    this.#onChange = onChange;
    this.#health = before;
  }

  get current(): HealthChange["health"] {
    return this.#health;
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  succeeded(): void {
    this.#remember(true);
    this.#successes += 1;
    this.#failures = 0;
    this.#unanswered = 0;
    if (this.#successes >= IN_A_ROW) this.#become("healthy", undefined);
  }

  /** `aboutContent`: Oplead works, it is what was sent that it refuses. */
  failed(error: OpleadError, aboutContent: boolean): void {
    this.#remember(false);
    const noAnswer = error.status === undefined && NO_ANSWER.has(error.code);
    this.#unanswered = noAnswer ? this.#unanswered + 1 : 0;
    if (!aboutContent) {
      this.#successes = 0;
      this.#failures += 1;
      if (this.#failures >= IN_A_ROW || error.code === "unauthorized") this.#become("failing", error.code);
    }
    this.#stopReason ??= this.#whyStop(error);
    if (this.#stopReason && !aboutContent) this.#become("failing", error.code);
  }

  #remember(success: boolean): void {
    this.#recent.push(success);
    if (this.#recent.length > this.#recentCalls) this.#recent.shift();
  }

  #become(health: HealthChange["health"], code: OpleadErrorCode | undefined): void {
    if (health === this.#health) return;
    this.#health = health;
    this.#onChange?.({ health, code });
  }

  #whyStop(error: OpleadError): StopReason | undefined {
    if (error.code === "unauthorized") {
      return { code: "unauthorized", message: "Oplead does not accept the API token. Renew it and run again." };
    }
    if (this.#unanswered >= this.#connectionFailures) {
      const message = `${this.#unanswered} calls in a row got no answer. Check the network and Oplead, then run again.`;
      return { code: "connection", message };
    }
    const failed = this.#recent.filter((success) => !success).length;
    if (this.#recent.length < this.#recentCalls || failed / this.#recent.length <= this.#failureShare) return undefined;
    return {
      code: "too_many_failures",
      message:
        `${failed} of the last ${this.#recent.length} calls failed, the last one with ${error.code}. ` +
        "Look at the failures, mend what they have in common, and run again.",
    };
  }
}
