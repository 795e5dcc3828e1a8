import type { ToldBy } from "../../locales/coded.ts";
import type { ADVICE } from "../../locales/en/advice.ts";
import type { POLICIES } from "../../locales/en/findings.ts";
import type { NOT_COUNTED } from "../../locales/en/not-counted.ts";
import type { REASONS } from "../../locales/en/report.ts";
import type { STOPS, WARNINGS } from "../../locales/en/sync.ts";

export type { GuardFinding } from "../../core/guard-finding.ts";

/** A finding that does not stop the plan or the run. */
export type SyncWarning = ToldBy<typeof WARNINGS & typeof NOT_COUNTED & typeof POLICIES>;

/** Why a run ended before its plan was finished, and how to go on. */
export type StopReason = ToldBy<typeof STOPS>;

/** A sentence that says what to do about a failure. */
export type Advice = ToldBy<typeof ADVICE>;

/**
 * Why a user or a step was not accepted: the code of an error, or a more precise case.
 *
 * - `rule_not_enabled`: Oplead answered a rule with 403, 404 or 405; `rule_refused`: Oplead refused a rule because of
 *   its content
 * - `another_user`: an update reached another user, because the id in the ledger belongs to that user
 */
export type ProblemCode = keyof typeof REASONS;
