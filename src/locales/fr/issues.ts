import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { IssueTexts } from "../issue-texts.ts";
import { CONFIG_FR } from "./config.ts";
import { OPTIONS_FR, PARTS_FR, STORES_FR } from "./core.ts";
import { COVERAGE_OPTIONS_FR } from "./coverage.ts";
import { FILE_LEDGER_FR, PAUSE_FR, REDIS_FR } from "./failures.ts";
import { recordIssueInFrench, recordIssuesInFrench } from "./record-issues.ts";
import { SAVED_FR, SYNC_OPTIONS_FR } from "./sync.ts";
import { QUEUE_FR, WEBHOOK_FR } from "./webhook.ts";

// The table is made by a function: a bundler cannot leave out a constant that is made with spreads.
const issuesInFrench = (): TextsLike<IssueTexts> => ({
  ...recordIssuesInFrench(),
  ...OPTIONS_FR,
  ...COVERAGE_OPTIONS_FR,
  ...SYNC_OPTIONS_FR,
  ...QUEUE_FR,
  ...WEBHOOK_FR,
  ...PARTS_FR,
  ...STORES_FR,
  ...FILE_LEDGER_FR,
  ...REDIS_FR,
  ...PAUSE_FR,
  ...CONFIG_FR,
  ...SAVED_FR,
});

let all: TextsLike<IssueTexts> | undefined;

// Files that show only issues of records import record-issues.ts, which keeps their bundles small.
export function inFrench(issue: AnyCoded): string {
  all ??= issuesInFrench();
  return issue.code === "record_error" ? recordIssueInFrench(issue) : toldBy([all], issue);
}
