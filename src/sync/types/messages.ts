/*
 * The types of what plans and reports say: warnings, findings of the guard, reasons to stop, advice. The texts are in src/locales/en/; a test
 * compares their codes and parameters with these types.
 */

import type { OpleadErrorCode } from "../../core/names.ts";
import type { Coded } from "../../locales/coded.ts";
import type { PolicyFacts } from "../../locales/en/findings.ts";

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
        /** How many further rows there are. */
        readonly more: number;
        readonly value: string;
      }
    >
  | Coded<
      | "rows_left_out"
      | "postcodes_completed"
      | "postcodes_cleaned"
      | "countries_recoded"
      | "distances_read"
      | "counties_completed",
      {
        readonly column: string;
        readonly count: number;
        /** The numbers of the first rows, as a spreadsheet counts them; empty for a source without rows. */
        readonly rows: readonly number[];
        /** How many further rows there are. */
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
        /** The first few of the users. */
        readonly users: readonly string[];
        readonly userCount: number;
      }
    >
  | Coded<"policy", PolicyFacts>;

/**
 * Why a plan is not applied.
 *
 * - `mass_change`, `mass_move`, `mass_missing`, `mass_new`, `mass_invalid`, `field_gone`, `segment_gone`,
 *   `empty_source`: looks like an accident; {@link ApplyOptions.approve} lets the plan be applied. With
 *   `parameters.segment` the figures are those of one segment
 * - `mass_twins`: more than 50 new users, and more than 5 % of the users, have the login or e-mail address of a user
 *   that Oplead has. These new users are listed ({@link Findings.twins}) and never sent; {@link ApplyOptions.approve}
 *   sends all other users. Fewer such users do not refuse the plan
 * - `move_unknown`, `move_occupied`: moves that cannot be made. `move_in_source`: moves of users that the source still
 *   has under the old number. {@link ApplyOptions.approve} makes the other moves
 * - `policy`: one of {@link SyncOptions.policies} does not allow what the plan does to the map; {@link
 *   ApplyOptions.approve} does
 * - `first_run`: the ledger knows no user that Oplead has, and the plan would send many users
 * - `ledger_shrunk`: the ledger lost more than a twentieth of its entries since the last run
 * - `ledger_restored`: the ledger is older than {@link SyncOptions.ledgerMark}; sending everything again (`resend`)
 *   needs no approval
 * - `ledger_copied`: the ledger is older as well, and the run that it lacks was made on another host, so two copies of
 *   the ledger are in use
 * - `other_plan`: the approval is for another plan
 * - `other_platform`, `other_test_mode`: a saved plan was made for another platform, or in the other test mode
 */
export type GuardFinding =
  | Coded<"empty_source", { readonly population: number }>
  | Coded<
      "mass_new",
      {
        readonly added: number;
        readonly population: number;
        readonly minUsers: number;
        /** Whether no full run with this ledger has ended yet. */
        readonly isTrial?: boolean;
        /** A share, 0 or more. */
        readonly limit: number;
        readonly segment?: string | undefined;
      }
    >
  | Coded<
      "mass_invalid",
      {
        /** A share, 0 or more. */
        readonly limit: number;
        readonly segment?: string | undefined;
        readonly invalid: number;
        readonly population: number;
        readonly fields: readonly string[];
      }
    >
  | Coded<"field_gone", { readonly field: string; readonly users: number }>
  | Coded<
      "mass_twins",
      {
        readonly count: number;
        readonly examples: readonly string[];
        readonly population: number;
      }
    >
  | Coded<
      "move_unknown" | "move_occupied" | "move_in_source",
      { readonly count: number; readonly examples: readonly string[] }
    >
  | Coded<
      "mass_change",
      {
        /** A share, 0 or more. */
        readonly limit: number;
        /** With how many users of the ledger the plan can be compared. */
        readonly comparable: number;
        readonly segment?: string | undefined;
        readonly changed: number;
        readonly missing: number;
      }
    >
  | Coded<
      "mass_move",
      {
        /** A share, 0 or more. */
        readonly limit: number;
        /** With how many users of the ledger the plan can be compared. */
        readonly comparable: number;
        readonly segment?: string | undefined;
        readonly moved: number;
      }
    >
  | Coded<
      "mass_missing",
      {
        /** A share, 0 or more. */
        readonly limit: number;
        /** With how many users of the ledger the plan can be compared. */
        readonly comparable: number;
        readonly segment?: string | undefined;
        readonly missing: number;
      }
    >
  | Coded<"segment_gone", { readonly segment: string; readonly users: number }>
  | Coded<"first_run", { readonly added: number; readonly minUsers: number; readonly runsBefore: number }>
  | Coded<"ledger_shrunk", { readonly now: number; readonly before: number }>
  | Coded<"ledger_copied", { readonly host: string }>
  | Coded<"ledger_restored", { readonly known: number; readonly ended: number }>
  | Coded<"other_plan">
  | Coded<"other_platform", { readonly saved: string; readonly current: string }>
  | Coded<"other_test_mode", { readonly saved: boolean }>
  | Coded<"policy", PolicyFacts>;

/** Why a run ended before its plan was finished, and how to go on. */
export type StopReason =
  | Coded<"unauthorized">
  | Coded<"token_unavailable" | "connection" | "unexpected_response", { readonly calls: number }>
  | Coded<
      "runs_paused",
      {
        readonly by: string;
        /** In ISO 8601, like the next field. */
        readonly since: string;
        readonly until: string;
        readonly reason: string | undefined;
      }
    >
  | Coded<"told_to_wait", { readonly ms: number }>
  | Coded<"too_many_failures", { readonly failed: number; readonly calls: number; readonly last: string }>
  | Coded<"ledger_failed" | "queue_unavailable", { readonly problem: string }>;

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
