import type { Lists, Numbers, Strings } from "../coded.ts";
import { counted, listed, number } from "./words.ts";

/** What `coverage` and `explain` say. */
export const COMMAND_COVERAGE = {
  no_account_number: () => "(no account number)",
  row: ({ row }: Strings<"row">) => `row ${row}`,
  map_failed: () => "map failed",
  left_out: ({ count }: Numbers<"count">) =>
    `Left out, because the record is invalid and is not sent (${number(count)})`,
  or: () => " or ",
  lead_without_place: ({ code, country }: Strings<"code" | "country">) =>
    `${code} is not a known postcode of ${country}: the lead has no place.\n\n`,
  flag_without_other: ({ flag, other }: Strings<"flag" | "other">) => `${flag} does nothing without ${other}.`,
  suggestions: ({ count }: Numbers<"count">) => `Suggestions, each given those before it (${number(count)})`,
  no_suggestion: () => "No change of a rule within the limits closes a gap.",
  policies_judged: ({ policies, broken }: Numbers<"policies" | "broken">) =>
    `Policies: ${number(policies)}, broken: ${number(broken)}.`,
  policy_failed: ({ policy, error }: Strings<"policy" | "error">) => `The policy ${policy} failed: ${error}.`,
  only_france_known: ({ countries }: Strings<"countries">) =>
    `Rules name ${countries}, and only France is known here: --online reads countries from Oplead.`,
  coverage_counts: ({ users, findings }: Numbers<"users" | "findings">) =>
    `${counted(users, "user")}, ${counted(findings, "finding")}.`,
  perhaps_label: () => "perhaps: ",
  assumptions: ({ names }: Strings<"names">) => `Assumptions: ${names}`,
  leads_without_postcodes: ({ file }: Strings<"file">) =>
    `${file}: no column has the postcodes of the leads. Name it "Code postal" or zipCode.`,
  leads_ignored_columns: ({ file, fields }: Strings<"file"> & Lists<"fields">) =>
    `${file}: ignored columns: ${listed(fields)}.`,
  leads_left_out: ({ file, rows }: Strings<"file"> & Numbers<"rows">) => `${file}: ${counted(rows, "line")} left out:`,
  leads_unknown_places: ({ file, leads, rows }: Strings<"file" | "rows"> & Numbers<"leads">) =>
    `${file}: ${counted(leads, "lead")} without a known place, in rows ${rows}.`,
  row_list: ({ rows }: Lists<"rows">) => listed(rows),
  leads_read: ({ leads, file }: Strings<"file"> & Numbers<"leads">) => `Leads: ${counted(leads, "lead")} in ${file}`,
  leads_none: () => "  There is nothing to compare.",
  hypotheses_title: () =>
    "Each set of assumptions, best first: few leads are unexplained, and few users share the others",
  hypothesis_score: ({
    explained,
    leads,
    undecided,
    sharing,
  }: Strings<"sharing"> & Numbers<"explained" | "leads" | "undecided">) =>
    `${number(explained)} of ${number(leads)} explained, ${number(undecided)} undecided, users for each: ${sharing}`,
  as_assumed: () => "as assumed now",
  without_rules: ({ rules }: Lists<"rules">) => `(without ${listed(rules)})`,
  leads_unexplained: ({ count }: Numbers<"count">) =>
    `Not explained by the first set of assumptions, by user (${number(count)})`,
  leads_unknown_users: ({ users }: Lists<"users">) => `Account numbers that no user has: ${listed(users)}`,
  and_more: ({ more }: Numbers<"more">) => `and ${number(more)} more`,
  hypothesis_config: () => "If you agree with the first set, write it into oplead.config, and compare again:",
};
