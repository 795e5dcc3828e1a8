import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { RecordIssueTexts } from "../issue-texts.ts";
import { ROWS_FR } from "./config.ts";
import { BUILDERS_FR, CONTENT_FR, RECORDS_FR, RULE_FINDINGS_FR, RULES_FR, USER_FR, VALUES_FR } from "./core.ts";

// These texts are apart from all others: a bundle without the others is 5 kB smaller.
export const recordIssuesInFrench = (): TextsLike<RecordIssueTexts> => ({
  ...VALUES_FR,
  ...USER_FR,
  ...CONTENT_FR,
  ...RECORDS_FR,
  ...ROWS_FR,
  ...RULES_FR,
  ...BUILDERS_FR,
  ...RULE_FINDINGS_FR,
});

let all: TextsLike<RecordIssueTexts> | undefined;

export function recordIssueInFrench(issue: AnyCoded): string {
  all ??= recordIssuesInFrench();
  // The text of a `record_error` comes from the source.
  return issue.code === "record_error" ? issue.message : toldBy([all], issue);
}
