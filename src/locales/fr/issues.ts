import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { IssueTexts } from "../issue-texts.ts";
import { CONFIG_FR } from "./config.ts";
import { OPTIONS_FR, PARTS_FR } from "./core.ts";
import { COVERAGE_OPTIONS_FR } from "./coverage.ts";
import { RECORD_ISSUES_FR, recordIssueInFrench } from "./record-issues.ts";
import { SAVED_FR, SYNC_OPTIONS_FR } from "./sync.ts";
import { QUEUE_FR, WEBHOOK_FR } from "./webhook.ts";

/** Each issue in French. Imported where any error may be told in a language: bundles with reports of runs have only those of records. */
const ISSUES_FR: TextsLike<IssueTexts> = {
  ...RECORD_ISSUES_FR,
  ...OPTIONS_FR,
  ...COVERAGE_OPTIONS_FR,
  ...SYNC_OPTIONS_FR,
  ...QUEUE_FR,
  ...WEBHOOK_FR,
  ...PARTS_FR,
  ...CONFIG_FR,
  ...SAVED_FR,
};

/** The message of an issue in French. One of another version, or of your own code, may have a code that is not known. */
export function inFrench(issue: AnyCoded): string {
  return issue.code in RECORD_ISSUES_FR ? recordIssueInFrench(issue) : toldBy([ISSUES_FR], issue);
}
