import type { OpleadError } from "../base/errors.ts";
import { belongsToAnother } from "../client/result.ts";
import type { SyncStep } from "../ledger/ledger.ts";
import { type Case, ENGLISH, type ReportTexts } from "./report/english.ts";
import { FRENCH } from "./report/french.ts";
import type { HeldUser } from "./types/records.ts";
import type { ReportLanguage } from "./types/report.ts";

export const TEXTS: Readonly<Record<ReportLanguage, ReportTexts>> = { en: ENGLISH, fr: FRENCH };

/** What happened to a step that failed. */
export function caseOfError(error: OpleadError, step: SyncStep): Case {
  const { code, status } = error;
  return belongsToAnother(error) ? "another_user" : caseOf({ code, status, step });
}

/** The same where only the error's code and status are known. */
export function caseOf({ step, code, status }: Pick<HeldUser, "step" | "code" | "status">): Case {
  if (step !== "user" && (status === 403 || status === 404 || status === 405)) return "rule_not_enabled";
  return step !== "user" && code === "rejected" ? "rule_rejected" : code;
}

/** What to do about a step that is held. */
export function adviceFor(held: Pick<HeldUser, "step" | "code" | "status">): string {
  return ENGLISH.advice[caseOf(held)];
}
