export const SAVED = {
  not_saved_plan: () => "must be the JSON of a plan, as JSON.stringify(plan) writes it",
  not_plan: () => "must be what planSync returned",
  not_report: () => "must be the report of a run",
  not_map: () => "must be a Map of texts by account number",
  other_form: ({ version, current }: { readonly version: string; readonly current: string }) =>
    `was saved in form ${version}, and this version of the package reads form ${current}: make the plan again`,
  altered_plan: () => "was altered after it had been saved: make the plan again",
};
