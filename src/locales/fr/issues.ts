import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { IssueTexts } from "../issue-texts.ts";
import { CONFIG_FR } from "./config.ts";
import { OPTIONS_FR, PARTS_FR, STORES_FR } from "./core.ts";
import { COVERAGE_OPTIONS_FR } from "./coverage.ts";
import { recordIssueInFrench, recordIssuesInFrench } from "./record-issues.ts";
import { SAVED_FR, SYNC_OPTIONS_FR } from "./sync.ts";
import { QUEUE_FR, WEBHOOK_FR } from "./webhook.ts";

/** Put together by a function, because a bundler does not leave out a constant with spreads. */
const issuesInFrench = (): TextsLike<IssueTexts> => ({
  ...recordIssuesInFrench(),
  ...OPTIONS_FR,
  ...COVERAGE_OPTIONS_FR,
  ...SYNC_OPTIONS_FR,
  ...QUEUE_FR,
  ...WEBHOOK_FR,
  ...PARTS_FR,
  ...STORES_FR,
  ...CONFIG_FR,
  ...SAVED_FR,
});

let all: TextsLike<IssueTexts> | undefined;

/**
 * The message of an issue in French. One of another version, or of your own code, may have a code that is not known. Imported where any error
 * may be told in a language: bundles with reports of runs have only the texts of records.
 */
export function inFrench(issue: AnyCoded): string {
  all ??= issuesInFrench();
  return issue.code === "record_error" ? recordIssueInFrench(issue) : toldBy([all], issue);
}
