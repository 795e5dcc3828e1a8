import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { RecordIssueTexts } from "../issue-texts.ts";
import { ROWS_FR } from "./config.ts";
import { BUILDERS_FR, CONTENT_FR, RECORDS_FR, RULE_FINDINGS_FR, RULES_FR, USER_FR, VALUES_FR } from "./core.ts";

/** Each issue of a record in French, apart from those that no plan and no report of a run has: a bundle is 5 kB smaller without them. */
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

/** The message of a record's issue in French. `map` may have thrown one of another kind, which keeps its message. */
export function recordIssueInFrench(issue: AnyCoded): string {
  all ??= recordIssuesInFrench();
  // The text of a record error is the source's own.
  return issue.code === "record_error" ? issue.message : toldBy([all], issue);
}
