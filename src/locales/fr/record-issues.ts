import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { RecordIssueTexts } from "../issue-texts.ts";
import { ROWS_FR } from "./config.ts";
import { BUILDERS_FR, CONTENT_FR, RECORDS_FR, RULE_FINDINGS_FR, RULES_FR, USER_FR, VALUES_FR } from "./core.ts";

/**
 * The texts of the issues that plans and reports have. They are separate from all other texts, because a bundle without
 * the others is 5 kB smaller.
 */
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

/** The message of a record's issue in French. If `map` threw an issue of another kind, its message stays as it is. */
export function recordIssueInFrench(issue: AnyCoded): string {
  all ??= recordIssuesInFrench();
  // The text of a record error comes from the source, so it is not translated.
  return issue.code === "record_error" ? issue.message : toldBy([all], issue);
}
