/**
 * The outcome of a user, in a word that means the same everywhere. Each `UserResult` has some, and so do the webhook's
 * answer and `ReportCounts`, which counts them.
 *
 * - `created`, `updated`: Oplead accepted all that was sent
 * - `refreshed`: Oplead accepted an unchanged user again, after `refreshAfterDays`
 * - `sent`: Oplead accepted it, and whether that created or updated the user is not known: the run was killed before it
 *   wrote its line
 * - `unchanged`: Oplead has the user as the source says; nothing was sent
 * - `stale`: a newer state of the user is known, so this one was not sent, or counts for nothing if it was
 * - `held`: Oplead refused this content before; not tried again until it changes, or after seven days
 * - `incomplete`: Oplead accepted some steps; the failed steps are listed
 * - `failed`: Oplead accepted nothing that was sent
 * - `skipped`: not sent, because its parent is not in Oplead or the run ended before
 * - `notSelected`: not sent, because `only` or `limit` left it out
 * - `notApproved`: not sent, because the plan that was approved does not show this change
 * - `unverifiable`: test mode cannot check it
 * - `invalid`: the record is wrong; nothing was sent
 * - `duplicate`: several records have the account number, with different content; none was sent
 * - `twin`: a new user with the login or e-mail address of a user that Oplead has, perhaps the same person; not sent
 * - `queued`: a queue has stored the user, and a worker sends it
 * - `ignored`: `map` gave no user for the event
 * - `repeated`: the delivery was handled before
 */
export type Outcome =
  | "created"
  | "updated"
  | "refreshed"
  | "sent"
  | "unchanged"
  | "stale"
  | "held"
  | "incomplete"
  | "failed"
  | "skipped"
  | "notSelected"
  | "notApproved"
  | "unverifiable"
  | "invalid"
  | "duplicate"
  | "twin"
  | "queued"
  | "ignored"
  | "repeated";
