import type { ParametersOf } from "./coded.ts";
import type { CONFIG, ROWS } from "./en/config.ts";
import type {
  BUILDERS,
  CONTENT,
  OPTIONS,
  PARTS,
  RECORDS,
  RULE_FINDINGS,
  RULES,
  STORES,
  USER,
  VALUES,
} from "./en/core.ts";
import type { COVERAGE_OPTIONS } from "./en/coverage.ts";
import type { FILE_LEDGER, PAUSE, REDIS } from "./en/failures.ts";
import type { SAVED, SYNC_OPTIONS } from "./en/sync.ts";
import type { QUEUE, WEBHOOK } from "./en/webhook.ts";

// Texts of the issues of records, which plans and reports list.
export type RecordIssueTexts = typeof VALUES &
  typeof USER &
  typeof CONTENT &
  typeof RECORDS &
  typeof ROWS &
  typeof RULES &
  typeof BUILDERS &
  typeof RULE_FINDINGS;

// These are types only, so that a bundle holds only the texts that it uses. A folder adds its texts here and in
// `fr/issues.ts`.
export type IssueTexts = RecordIssueTexts &
  typeof OPTIONS &
  typeof CONFIG &
  typeof SAVED &
  typeof PARTS &
  typeof STORES &
  typeof FILE_LEDGER &
  typeof REDIS &
  typeof PAUSE &
  typeof WEBHOOK &
  typeof QUEUE &
  typeof SYNC_OPTIONS &
  typeof COVERAGE_OPTIONS;

/** Parameters of each issue's message, by the issue's code; an empty object if the message has none. */
export type IssueParameters = { readonly [Code in keyof IssueTexts]: ParametersOf<IssueTexts, Code> };
