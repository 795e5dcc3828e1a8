/*
 * The types of what plans and reports say: warnings, findings of the guard, reasons to stop, advice. The texts are in
 * src/locales/en/; a test compares their codes and parameters with these types.
 */

import type { OpleadErrorCode } from "../../core/names.ts";
import type { Coded } from "../../locales/coded.ts";
import type { PolicyFacts } from "../../locales/en/findings.ts";

// An error `sync_refused` has such findings, so they are declared beside the errors.
export type { GuardFinding } from "../../core/guard-finding.ts";

/** A finding that does not stop the plan or the run. */
export type SyncWarning =
  | Coded<"source_file", { readonly file: string }>
  | Coded<
      "value_not_in_config",
      {
        readonly column: string;
        readonly count: number;
        /** The numbers of the first rows, as a spreadsheet counts them; empty for a source without rows. */
        readonly rows: readonly number[];
        /** The number of rows that `rows` does not list. */
        readonly more: number;
        readonly value: string;
      }
    >
  | Coded<
      | "rows_left_out"
      | "postcodes_completed"
      | "postcodes_cleaned"
      | "phones_completed"
      | "countries_recoded"
      | "distances_read"
      | "counties_completed",
      {
        readonly column: string;
        readonly count: number;
        /** The numbers of the first rows, as a spreadsheet counts them; empty for a source without rows. */
        readonly rows: readonly number[];
        /** The number of rows that `rows` does not list. */
        readonly more: number;
      }
    >
  | Coded<"profiles_not_checked", { readonly code: string }>
  | Coded<"no_profiles" | "read_again">
  | Coded<"zip_codes_not_checked", { readonly country: string; readonly code: string }>
  | Coded<"suspicious_data", { readonly count: number; readonly paths: readonly string[] }>
  | Coded<
      | "damaged_entries"
      | "unreadable_fingerprints"
      | "incomparable_versions"
      | "unknown_parents"
      | "leaver_rules_stay"
      | "not_to_send",
      { readonly count: number; readonly examples: readonly string[] }
    >
  | Coded<"ledger_key_unusable", { readonly problem: "unreadable" | "damaged" | "not_made" }>
  | Coded<"missing_unsure", { readonly records: number }>
  | Coded<"too_soon", { readonly agoMs: number }>
  | Coded<"perhaps_moved", { readonly missing: number; readonly added: number }>
  | Coded<"ledger_shrank", { readonly now: number; readonly before: number }>
  | Coded<"first_run_goes_on", { readonly at: string; readonly users: number }>
  | Coded<"too_few_to_judge", { readonly affected: number; readonly comparable: number; readonly minUsers: number }>
  | Coded<"nothing_to_compare", { readonly entries: number }>
  | Coded<
      "on_missing_failed",
      {
        readonly count: number;
        readonly examples: readonly string[];
        readonly errors: readonly string[];
      }
    >
  | Coded<
      "users_without_rules" | "users_without_leads",
      {
        /** The account numbers of the first few users. */
        readonly users: readonly string[];
        readonly userCount: number;
      }
    >
  | Coded<"policy", PolicyFacts>;

/** Why a run ended before its plan was finished, and how to go on. */
export type StopReason =
  | Coded<"unauthorized">
  | Coded<"token_unavailable" | "connection" | "unexpected_response", { readonly calls: number }>
  | Coded<
      "runs_paused",
      {
        readonly by: string;
        /** When the pause was set, ISO 8601. `until` is when it ends, in the same form. */
        readonly since: string;
        readonly until: string;
        readonly reason: string | undefined;
      }
    >
  | Coded<"told_to_wait", { readonly ms: number }>
  | Coded<"too_many_failures", { readonly failed: number; readonly calls: number; readonly last: string }>
  | Coded<
      "ledger_failed" | "queue_unavailable",
      {
        /** The message of the error. */
        readonly problem: string;
        /** The code and parameters of the error's issue, if it has one. */
        readonly issue?: { readonly code: string; readonly parameters?: unknown } | undefined;
      }
    >;

/** Advice: a sentence that says what to do about a failure. */
export type Advice = Coded<Exclude<ProblemCode, "possible_twin"> | "suspicious">;

/**
 * Why a user or a step was not accepted: the code of an error, or a more precise case.
 *
 * - `rule_not_enabled`: Oplead answered a rule with 403, 404 or 405; `rule_refused`: Oplead refused a rule because of
 *   its content
 * - `another_user`: an update reached another user, because the id in the ledger belongs to that user
 */
export type ProblemCode =
  | OpleadErrorCode
  | "rule_not_enabled"
  | "rule_refused"
  | "another_user"
  | "run_stopped"
  | "run_handed_over"
  | "run_paused"
  | "run_aborted"
  | "parent_missing"
  | "duplicate"
  | "possible_twin"
  | "leaver_grace"
  | "leaver_due"
  | "leaver_perhaps";
