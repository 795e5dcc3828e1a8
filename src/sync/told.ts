import { type IssueTeller, issueBy } from "../base/issues.ts";
import { codedBy, type Teller } from "../base/texts/coded.ts";
import { RECORDS } from "../base/texts/en/records.ts";
import { GUARD, STOPS, WARNINGS } from "../base/texts/en/sync/plan.ts";
import { ADVICE } from "../base/texts/en/sync/report.ts";

/** Each gives something to tell by its code: `warning("no_profiles")`. */
export const warning: Teller<typeof WARNINGS> = codedBy(WARNINGS);
export const guardFinding: Teller<typeof GUARD> = codedBy(GUARD);
export const stopReason: Teller<typeof STOPS> = codedBy(STOPS);
export const advice: Teller<typeof ADVICE> = codedBy(ADVICE);
export const recordIssue: IssueTeller<typeof RECORDS> = issueBy(RECORDS);
