import { type IssueTeller, issueBy } from "../base/issues.ts";
import { codedBy, type Teller } from "../locales/coded.ts";
import { RECORDS } from "../locales/en/core.ts";
import { ADVICE } from "../locales/en/report.ts";
import { GUARD, STOPS, WARNINGS } from "../locales/en/sync.ts";

/** Each gives something to tell by its code: `warning("no_profiles")`. */
export const warning: Teller<typeof WARNINGS> = codedBy(WARNINGS);
export const guardFinding: Teller<typeof GUARD> = codedBy(GUARD);
export const stopReason: Teller<typeof STOPS> = codedBy(STOPS);
export const advice: Teller<typeof ADVICE> = codedBy(ADVICE);
export const recordIssue: IssueTeller<typeof RECORDS> = issueBy(RECORDS);
