import type { IssueCode, IssueParameters, OpleadIssue } from "../issues.ts";
import { CONFIG_FR } from "../texts/fr/config.ts";
import { CONTENT_FR } from "../texts/fr/content.ts";
import { COVERAGE_OPTIONS_FR } from "../texts/fr/coverage/options.ts";
import { OPTIONS_FR } from "../texts/fr/options.ts";
import { PARTS_FR } from "../texts/fr/parts.ts";
import { QUEUE_FR } from "../texts/fr/queue.ts";
import { RECORDS_FR } from "../texts/fr/records.ts";
import { RULE_FINDINGS_FR, RULES_FR, ZIP_CODES_FR } from "../texts/fr/rules.ts";
import { SYNC_OPTIONS_FR } from "../texts/fr/sync/options.ts";
import { SAVED_FR } from "../texts/fr/sync/saved.ts";
import { USER_FR } from "../texts/fr/user.ts";
import { VALUES_FR } from "../texts/fr/values.ts";
import { WEBHOOK_FR } from "../texts/fr/webhook.ts";
import { typeset } from "../texts/fr/words.ts";

/** Each issue in French. Imported where a language is chosen, and nowhere else: bundles without reports have none of it. */
const ISSUES_FR: { readonly [Code in IssueCode]: (parameters: IssueParameters[Code]) => string } = {
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
export function inFrench({ code, parameters, message }: OpleadIssue): string {
  const text = Object.hasOwn(ISSUES_FR, code) ? ISSUES_FR[code] : undefined;
  // The parameters of an issue are those of its code.
  // The text of a record error is the source's own.
  return text === undefined || code === "record_error" ? message : typeset(text(parameters as never));
}
