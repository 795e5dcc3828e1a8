/** Problems of the options of a run. */
export const SYNC_OPTIONS = {
  not_mark: () => "must be the ledgerMark of a report",
  not_records: () => "must be an iterable, an async iterable, or a function that returns one",
  not_plan_hash: () => "must be the hash of a plan",
  not_account_numbers: () => "must be a list of account numbers",
};
