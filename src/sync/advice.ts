import type { OpleadError } from "../base/errors.ts";
import { belongsToAnother } from "../client/result.ts";
import type { SyncStep } from "../ledger/ledger.ts";
import { REASONS, tellAdvice } from "../locales/en/report.ts";
import type { Advice, HeldUser } from "./types/records.ts";

/** The kind of a failure: the code of its error, or more than the code tells. */
export type Case = Exclude<keyof typeof REASONS, "parent_missing" | "duplicate" | "possible_twin">;

/** The kind of a failure whose error is known. */
export function caseOfError(error: OpleadError, step: SyncStep): Case {
  const { code, status } = error;
  return belongsToAnother(error) ? "another_user" : caseOf({ code, status, step });
}

/** The kind of a failure of which only the error's code and status are known. A ledger that another version wrote may have other codes. */
export function caseOf({ step, code, status }: Pick<HeldUser, "step" | "code" | "status">): Case {
  if (step !== "user" && (status === 403 || status === 404 || status === 405)) return "rule_not_enabled";
  const known = Object.hasOwn(REASONS, code) ? code : "refused";
  return step !== "user" && known === "refused" ? "rule_refused" : known;
}

/** The kind of the failure that was given this advice. */
export function caseOfAdvice({ code }: Advice): Case {
  return code as Case;
}

/** The remedy for a kind of failure. */
export function adviceFor(what: Case): Advice {
  return tellAdvice(what) as Advice;
}
