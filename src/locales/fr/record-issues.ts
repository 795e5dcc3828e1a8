import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { RecordIssueTexts } from "../issue-texts.ts";
import { ROWS_FR } from "./config.ts";
import { CONTENT_FR, RECORDS_FR, RULE_FINDINGS_FR, RULES_FR, USER_FR, VALUES_FR, ZIP_CODES_FR } from "./core.ts";

/** Each issue of a record in French. Apart from the others, which no plan and no report of a run has: a bundle of both is 4 kB smaller. */
export const RECORD_ISSUES_FR: TextsLike<RecordIssueTexts> = {
  ...VALUES_FR,
  ...USER_FR,
  ...CONTENT_FR,
  ...RECORDS_FR,
  ...ROWS_FR,
  ...RULES_FR,
  ...ZIP_CODES_FR,
  ...RULE_FINDINGS_FR,
};

/** The message of a record's issue in French. `map` may have thrown one of another kind, which keeps its message. */
export function recordIssueInFrench(issue: AnyCoded): string {
  // The text of a record error is the source's own.
  return issue.code === "record_error" ? issue.message : toldBy([RECORD_ISSUES_FR], issue);
}
