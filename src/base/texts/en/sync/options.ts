export const SYNC_OPTIONS = {
  not_mark: () => "must be the ledgerMark of a report",
  not_records: () => "must be an iterable, an async iterable, or a function that returns one",
  several_sources: () =>
    "is a list of sources: append their records with concatSources(a, b), or look up one in the other with joinSources(a, { with: b, on, as })",
  not_since: () => "asks a source for changes, so source must be a function: ({ since }) => …",
  first_run_gone: () =>
    "is not an option any more: a first run is approved by the hash of its plan, as any plan that was refused. npx oplead sync prints the " +
    "command, npx oplead sync --approve HASH; in a program: plan.apply({ approve })",
  not_plan_hash: () => "must be the hash of a plan, or a plan as it was saved",
  not_time: () => "must be a Date",
  time_over: () => "must be later than now",
  time_too_far: () => "must be at most 30 days ahead",
  not_account_numbers: () => "must be a list of account numbers",
  not_policies: () => "must be a list of policies: { name, judge }",
  needs_coverage: () => "needs coverage, which says where users are and which leads exist",
  policy_failed: ({ error, at }: { readonly error: string; readonly at: string | undefined }) =>
    `threw ${error}${at === undefined ? "" : ` (at ${at})`}`,
};
