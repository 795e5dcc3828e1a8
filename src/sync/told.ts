import { issueBy } from "../base/issues.ts";
import { codedBy } from "../base/texts/coded.ts";
import { RECORDS } from "../base/texts/en/records.ts";
import { ADVICE } from "../base/texts/en/report.ts";
import { GUARD, STOPS, WARNINGS } from "../base/texts/en/sync.ts";

/** Each gives something to tell by its code: `warning("no_profiles")`. */
export const warning = codedBy(WARNINGS);
export const guardFinding = codedBy(GUARD);
export const stopReason = codedBy(STOPS);
export const advice = codedBy(ADVICE);
export const recordIssue = issueBy(RECORDS);
