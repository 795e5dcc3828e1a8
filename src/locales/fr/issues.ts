import { type AnyCoded, type TextsLike, toldBy } from "../coded.ts";
import type { IssueTexts } from "../issue-texts.ts";
import { CONFIG_FR } from "./config.ts";
import {
  CONTENT_FR,
  OPTIONS_FR,
  PARTS_FR,
  RECORDS_FR,
  RULE_FINDINGS_FR,
  RULES_FR,
  USER_FR,
  VALUES_FR,
  ZIP_CODES_FR,
} from "./core.ts";
import { COVERAGE_OPTIONS_FR } from "./coverage.ts";
import { SAVED_FR, SYNC_OPTIONS_FR } from "./sync.ts";
import { QUEUE_FR, WEBHOOK_FR } from "./webhook.ts";

/** Each issue in French. Imported where a language is chosen, and nowhere else: bundles without reports have none of it. */
const ISSUES_FR: TextsLike<IssueTexts> = {
  ...VALUES_FR,
  ...USER_FR,
  ...OPTIONS_FR,
  ...COVERAGE_OPTIONS_FR,
  ...SYNC_OPTIONS_FR,
  ...QUEUE_FR,
  ...WEBHOOK_FR,
  ...PARTS_FR,
  ...CONTENT_FR,
  ...CONFIG_FR,
  ...RECORDS_FR,
  ...SAVED_FR,
  ...RULES_FR,
  ...ZIP_CODES_FR,
  ...RULE_FINDINGS_FR,
};

/** The message of an issue in French. One of another version, or of your own code, may have a code that is not known. */
export function inFrench(issue: AnyCoded): string {
  // The text of a record error is the source's own.
  return issue.code === "record_error" ? issue.message : toldBy([ISSUES_FR], issue);
}
