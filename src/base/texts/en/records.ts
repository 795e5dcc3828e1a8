/** Problems and oddities of a record of a source, besides those of its user. */
export const RECORDS = {
  map_failed: ({ error, at }: { readonly error: string; readonly at: string | undefined }) =>
    `map threw ${error}${at === undefined ? "" : ` at ${at}`}`,
  map_reads_none: ({ error, at, columns }: ReadsNone) =>
    `map threw for every record, first ${error}${at === undefined ? "" : ` at ${at}`}: the file must have what map reads of the usual source` +
    (columns.length === 0 ? "" : `. It has ${columns.map((name) => JSON.stringify(name)).join(", ")}`),
  record_error: ({ message }: { readonly message: string }) => message,
  leaver_rules_failed: ({ error, at }: { readonly error: string; readonly at: string | undefined }) =>
    `leavers.rules threw ${error}${at === undefined ? "" : ` at ${at}`}`,
  leaver_empty_rule: () =>
    "is empty, and is not sent for a leaver: that an empty rule admits no lead is assumed (emptyRule), it could admit all",
  other_key: () => "is not what key gives for this record",
  parent_cycle: ({ cycle }: { readonly cycle: readonly string[] }) => `is in a cycle of parents: ${cycle.join(" → ")}`,
  unknown_profile: ({ profile }: { readonly profile: string }) => `"${profile}" is not a profile of this platform`,
  parent_not_above: ({ profile, parentProfile }: { readonly profile: string; readonly parentProfile: string }) =>
    `the parent has the profile "${parentProfile}", which is not above "${profile}"`,
  unknown_parent: ({ parent }: { readonly parent: string }) =>
    `names ${parent}, which neither the source nor the ledger knows`,
  white_space: () => "has white space around it",
  shared_value: ({ field, other }: { readonly field: string; readonly other: string }) =>
    `is also the ${field} of ${other}`,
  unknown_zip_code: ({ country }: { readonly country: string }) => `is not a postcode of ${country}`,
  zip_code_lacks_zero: ({ country }: { readonly country: string }) =>
    `is not a postcode of ${country}: a leading zero was probably lost`,
};

interface ReadsNone {
  readonly error: string;
  readonly at: string | undefined;
  /** The columns of the first record. */
  readonly columns: readonly string[];
}
