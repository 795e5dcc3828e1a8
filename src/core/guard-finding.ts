import type { ToldBy } from "../locales/coded.ts";
import type { POLICIES } from "../locales/en/findings.ts";
import type { GUARD } from "../locales/en/sync.ts";

/**
 * Why a plan is not applied.
 *
 * - `mass_change`, `mass_move`, `mass_missing`, `mass_new`, `mass_invalid`, `field_gone`, `segment_gone`,
 *   `empty_source`, `older_file`, `older_values`: the plan looks like an accident; {@link ApplyOptions.approve} lets the plan be applied. With
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
 * - `ledger_restored`: the ledger is older than `advanced.ledgerMark`; sending everything again (`resend`)
 *   needs no approval
 * - `ledger_copied`: the ledger is older than the last run, and that run was made on another host, so two copies of the
 * ledger are in use
 * - `other_plan`: the approval is for another plan
 * - `other_platform`, `other_test_mode`: a saved plan was made for another platform, or in the other test mode
 */
export type GuardFinding = ToldBy<typeof GUARD & typeof POLICIES>;
