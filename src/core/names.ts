/**
 * The kind of failure, as a literal to switch on.
 *
 * | code | meaning | sent to Oplead? |
 * |---|---|---|
 * | `invalid_options` | the options of `createOplead` or of a call are wrong; `issues` lists every problem | no |
 * | `invalid_input` | the user, rule or identification is wrong; `issues` lists every problem | no |
 * | `token_unavailable` | the token function threw, did not answer in time or gave something that is no token | no |
 * | `unauthorized` | 401, also after asking once more for the token | yes |
 * | `forbidden` | 403: the token may not do this, or the platform has not enabled it | yes |
 * | `not_found` | 404 | yes |
 * | `conflict` | 409 | yes |
 * | `refused` | 400, 422 or another 4xx with a JSON body: Oplead read the request and refused it | yes |
 * | `rate_limited` | 429, still after the retries or for longer than the deadline | yes |
 * | `server_error` | 5xx, still after the retries; see {@link OpleadError.supportReport} | yes |
 * | `unexpected_response` | HTML, broken JSON, a redirect, an answer without an id, a 4xx without a JSON body (a proxy's) | yes |
 * | `connection` | no answer: connection refused, broken, name not found, TLS | perhaps |
 * | `timeout` | no answer within `timeoutMs` | perhaps |
 * | `deadline` | `deadlineMs` was over, before a request or while one was in flight; with `requests` 0 nothing was sent | perhaps |
 * | `aborted` | the caller's signal ended the call | perhaps |
 * | `ambiguous_creation` | a `POST` whose outcome is unknown: the user may or may not exist now | yes |
 * | `incomplete` | Oplead accepted a part of the call; `result` says what arrived and what did not | yes |
 * | `sync_refused` | a plan that looks like an accident, or was not the one approved: see `SyncGuardError` | no |
 * | `source_failed` | the source of a sync threw while it was read | no |
 * | `ledger_unavailable` | the ledger could not be read or written | perhaps |
 * | `queue_unavailable` | the Redis of the queue failed or did not answer | no |
 * | `state_lost` | the queue has lost the stored state of a user: enqueue it again | no |
 * | `ledger_mismatch` | the ledger belongs to another platform | no |
 * | `audit_unavailable` | the audit file could not be read or written | perhaps |
 * | `ledger_conflict` | another process recorded another state of the user meanwhile, and no version says which is newer | perhaps |
 */
export type OpleadErrorCode =
  | "invalid_options"
  | "invalid_input"
  | "token_unavailable"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "refused"
  | "rate_limited"
  | "server_error"
  | "unexpected_response"
  | "connection"
  | "timeout"
  | "deadline"
  | "aborted"
  | "ambiguous_creation"
  | "incomplete"
  | "sync_refused"
  | "source_failed"
  | "ledger_unavailable"
  | "queue_unavailable"
  | "state_lost"
  | "ledger_mismatch"
  | "audit_unavailable"
  | "ledger_conflict";

export const DOCUMENTED_ADDRESS = "https://api.oplead.com";

// An empty environment variable counts as not set.
export function addressOf<Given>(given: Given | undefined, fromEnvironment: string | undefined): Given | string {
  return given === undefined ? fromEnvironment || DOCUMENTED_ADDRESS : given;
}

/** Options of {@link UserDiff.toString}. */
export interface LanguageOptions {
  /** Language of the text. Codes, JSON and log fields have none. Default `"en"`. */
  readonly language?: "en" | "fr" | undefined;
}
