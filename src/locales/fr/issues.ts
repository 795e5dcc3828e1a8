import { type AnyCoded, type TextsLike, textIn } from "../coded.ts";
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
import { typeset } from "./words.ts";

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
export function inFrench({ code, parameters, message }: AnyCoded): string {
  const text = textIn(ISSUES_FR, code);
  // The parameters of an issue are those of its code.
  // The text of a record error is the source's own.
  return text === undefined || code === "record_error" ? message : typeset(text(parameters as never));
}
