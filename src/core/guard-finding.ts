import type { Coded } from "../locales/coded.ts";
import type { PolicyFacts } from "../locales/en/findings.ts";

/**
 * Why a plan is not applied.
 *
 * - `mass_change`, `mass_move`, `mass_missing`, `mass_new`, `mass_invalid`, `field_gone`, `segment_gone`,
 *   `empty_source`: the plan looks like an accident; {@link ApplyOptions.approve} lets the plan be applied. With
 *   `parameters.segment` the figures are those of one segment
 * - `mass_twins`: more than 50 new users, and more than 5 % of the users, have the login or e-mail address of a user
 *   that Oplead has. These new users are listed ({@link Findings.twins}) and never sent; {@link ApplyOptions.approve}
 *   sends all other users. If there are fewer such users, the plan is not refused because of them
 * - `move_unknown`, `move_occupied`: moves that cannot be made. `move_in_source`: moves of users that the source still
 *   has under the old number. {@link ApplyOptions.approve} makes the other moves
 * - `policy`: one of {@link SyncOptions.policies} does not allow what the plan does to the coverage of areas;
 * {@link ApplyOptions.approve} lets the plan be applied
 * - `first_run`: the ledger knows no user that Oplead has, and the plan would send many users
 * - `ledger_shrunk`: the ledger lost more than a twentieth of its entries since the last run
 * - `ledger_restored`: the ledger is older than {@link SyncOptions.ledgerMark}; sending everything again (`resend`)
 *   needs no approval
 * - `ledger_copied`: the ledger is older than the last run, and that run was made on another host, so two copies of the
 * ledger are in use
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
        /** The share of users up to which the guard lets a plan pass, 0 or more. */
        readonly limit: number;
        readonly segment?: string | undefined;
      }
    >
  | Coded<
      "mass_invalid",
      {
        /** The share of users up to which the guard lets a plan pass, 0 or more. */
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
        /** The share of users up to which the guard lets a plan pass, 0 or more. */
        readonly limit: number;
        /** How many users of the ledger the plan can be compared with. */
        readonly comparable: number;
        readonly segment?: string | undefined;
        readonly changed: number;
        readonly missing: number;
      }
    >
  | Coded<
      "mass_move",
      {
        /** The share of users up to which the guard lets a plan pass, 0 or more. */
        readonly limit: number;
        /** How many users of the ledger the plan can be compared with. */
        readonly comparable: number;
        readonly segment?: string | undefined;
        readonly moved: number;
      }
    >
  | Coded<
      "mass_missing",
      {
        /** The share of users up to which the guard lets a plan pass, 0 or more. */
        readonly limit: number;
        /** How many users of the ledger the plan can be compared with. */
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
