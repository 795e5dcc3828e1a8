import type { Lists, Numbers, Strings } from "../coded.ts";
import { joinParts, localTime, namesOf } from "../grammar.ts";
import type { Users } from "./sync.ts";
import { all, counted, duration, listed, number, people, percent, plural, radius } from "./words.ts";

export type RunStatus = "complete" | "partial" | "stopped" | "paused" | "aborted";
export type LeaverState = "grace" | "due" | "done" | "perhaps";
export type Waits = "invalid" | "held" | "duplicate" | "twin" | "stale" | "failed" | "unknown" | "not_sent";

// `because`: why Oplead does not have the parent.
export interface WaitedFor extends Users {
  readonly because: Waits;
}

export interface FailedStep {
  // The fields that Oplead named, or else the step.
  readonly what: string;
  readonly code: string;
  readonly status?: number | undefined;
  readonly takenBy: string | undefined;
}

function refusalText({ what, code, status, takenBy }: FailedStep): string {
  const answer = status === undefined ? code : `${code} ${status}`;
  return `${what}: ${answer}${takenBy === undefined ? "" : ` with ${takenBy}`}`;
}

export const OVERVIEW = {
  heading: ({ title }: Strings<"title">) => `${title}:`,
  separator: "; ",
  plan: (plan: Strings<"hash"> & Numbers<"records"> & { readonly testMode: boolean }) =>
    `plan ${plan.hash}: ${counted(plan.records, "record")}${plan.testMode ? " (test mode)" : ""}`,
  headline: ({ refusedBy, ...counts }: PlanHeadline) =>
    joinParts(
      [planCounts(counts), refusedBy !== undefined && `refused by ${refusedBy === "guard" ? "the guard" : "a policy"}`],
      " · ",
    ),
  report: (run: Numbers<"durationMs"> & { readonly status: RunStatus; readonly testMode: boolean }) =>
    `sync ${run.status}${run.testMode ? " (test mode: nothing was persisted)" : ""}, ${duration(run.durationMs)}`,
  no_report: ({ isRefused, time }: Strings<"time"> & { readonly isRefused: boolean }) =>
    `sync ${isRefused ? "refused" : "failed"}: nothing was sent, ${localTime(time)}`,
  changed: ({ fields }: Strings<"fields">) => `changed${fields === "" ? "" : `: ${fields}`}`,
  created: ({ testMode }: Amount & { readonly testMode: boolean }) => (testMode ? "would be created" : "created"),
  updated: ({ testMode }: Amount & { readonly testMode: boolean }) => (testMode ? "would be updated" : "updated"),
  refreshed: ({ users, days, run }: Refreshed) =>
    `of ${counted(users, "user")} ${run === "test" ? "would be " : ""}confirmed (all are, every ${counted(days, "day")})`,
  moved: ({ amount }: Amount) => plural(amount, "moves to a new account number", "move to new account numbers"),
  leavers: ({ due, perhaps }: Amount & Numbers<"due" | "perhaps">) => {
    const parts = joinParts([due !== 0 && `${number(due)} due`, perhaps !== 0 && `${number(perhaps)} perhaps`]);
    return `missing from the source (no user is removed)${parts && `: ${parts}`}`;
  },
  rules_to_set: ({ rules }: Strings<"rules">) => `rules to set: ${rules}`,
  needs: ({ requests, durationMs }: Numbers<"requests"> & { readonly durationMs: number | undefined }) => {
    const time = durationMs === undefined ? "" : durationMs < 1_000 ? "less than 1 s" : duration(durationMs);
    return `needs ${counted(requests, "request")}${time === "" ? "" : ` (${time} at the client's rate)`}`;
  },
  only: ({ amount }: Amount) => `sends only ${counted(amount, "named user")}`,
  limit: ({ amount }: Amount) => `sends at most ${counted(amount, "user")}`,
  really_new: ({ users }: Strings<"users">) => `really new, as was said: ${users}`,
  areas_lost: ({ places, inhabitants, isForSome }: AreasLost) =>
    `${inhabitants === 0 ? "" : `${people(inhabitants)} of `}${counted(places, "postcode")} ${plural(inhabitants || places, "loses its", "lose their")} last user${isForSome ? " for some leads" : ""}`,
  in_segments: ({ segments }: InSegments) =>
    `Also in ${listed(segmentsText(segments, percent), "and", segments.length)}.`,
  changed_since: ({ time }: Strings<"time">) => `reads what changed since ${localTime(time)}`,
  problems: ({ all, fresh }: Numbers<"all" | "fresh">) =>
    `${counted(all, "problem")}, ${number(fresh)} of them new since the last run`,
  still_open: ({ fresh, count, names }: Count & Numbers<"fresh"> & Lists<"names">) =>
    `${fresh === 0 ? "Nothing new; still" : "Still"} ${number(count)} not sent: ${listed(names, "and", count)}.`,
  requests: ({ requests, retries }: { readonly [Fact in "requests" | "retries"]: number }) =>
    counted(requests, "request") + (retries > 0 ? `, ${number(retries)} of them to make up for failures` : ""),
  run: ({ run, plan }: Strings<"run" | "plan">) => `run ${run}${plan === "" ? "" : `, plan ${plan}`}`,
  rule_change: ({ name, unit, was, now }: RuleInWords) => {
    const before = was === undefined ? " (before: not known)" : was === null ? " (before: none)" : "";
    const values = was === undefined || was === null ? now : `${was} → ${now}`;
    return `${name} ${values}${unit === "km" ? " km" : ""}${before}`;
  },
  rule_difference: ({ name, added, removed }: Readonly<Record<"name" | "added" | "removed", string>>) =>
    `${name}: ${joinParts([added !== "" && `+ ${added}`, removed !== "" && `− ${removed}`], "; ")}`,
  rule_parts: ({ countries, counties, postcodes, codes }: RulePartsInWords) =>
    joinParts([
      countries.length !== 0 && all(countries),
      counties.length !== 0 && named(counties, "county", "counties"),
      postcodes.length !== 0 && named(postcodes, "postcode", "postcodes"),
      codes.length !== 0 && all(codes),
    ]),
  rule_values: ({ count }: Numbers<"count">) => counted(count, "value"),
  no_rule_values: "none",
  radii: ({ count }: Count) => counted(count, "radius changes", "radii change"),
  radii_alike: ({ count, from, to }: Count & FromTo) =>
    `${counted(count, "radius changes", "radii change")} from ${from} to ${to} km`,
  radii_of: ({ count, from, to }: Count & FromTo) => `from ${from} to ${to} km for ${number(count)}`,
  radii_rest: ({ from, to }: FromTo) => `from ${from} to ${to} km for the others`,
  radii_new: ({ count, to }: Count & Pick<FromTo, "to">) => `new, ${to} km, for ${number(count)}`,
  radius_range: ({ low, high }: Numbers<"low" | "high">) =>
    low === high ? radius(low) : `${radius(low)}–${radius(high)}`,
  before_unknown: ({ count }: Count) => `for ${number(count)} the value before is not known`,
  rules_change: ({ name, count }: Tally) => `${name} of ${counted(count, "user")}`,
  value_added: ({ name, count }: Tally) => `${name} added for ${number(count)}`,
  value_removed: ({ name, count }: Tally) => `${name} removed for ${number(count)}`,
  more_added: ({ count }: Count) => `${counted(count, "other value")} added`,
  more_removed: ({ count }: Count) => `${counted(count, "other value")} removed`,
  fields_change: ({ fields }: Lists<"fields">) => `Fields that change: ${listed(fields)}`,
  field_for: ({ name, count }: Tally) => `${name} for ${number(count)}`,
  cause: ({ what, parts }: Strings<"what"> & Lists<"parts">) =>
    `${what}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`,
  record: ({ number }: Numbers<"number">) => `record ${number}`,
  rows: ({ count }: Count) => counted(count, "row"),
  in_rows: ({ text, count, names }: Count & Strings<"text"> & Lists<"names">) =>
    `${text}: ${listed(names, "and", count)}`,
  row: ({ number }: Numbers<"number">) => `row ${number}`,
  moved_from: ({ from }: Strings<"from">) => `moved from ${from}`,
  // A newer version may have more reasons, for which there are no words here.
  waited_for: ({ because, count, examples }: WaitedFor) =>
    `${BECAUSE[because] ?? `is ${because}`}: ${counted(count, "person waits", "people wait")} for it (${namesOf({ count, examples })})`,
  depends: ({ step, on }: Strings<"step" | "on">) => `${step}: depends on ${on}, which only this run would create`,
  // `text` is about the first of `values`; `more` are not among them.
  and_more: ({ text, more, values }: Strings<"text"> & Numbers<"more"> & Lists<"values">) =>
    `${text}, and ${number(more)} more${values.length === 0 ? "" : `: ${values.join(", ")}${more > values.length ? ", …" : ""}`}`,
  sent_since: ({ day }: Strings<"day">) => `known, sent like this since ${day}`,
  refusal: refusalText,
  held_since: ({ day, ...refusal }: FailedStep & Strings<"day">) => `${refusalText(refusal)} since ${day}`,
  failed_step: ({ held, ...refusal }: FailedStep & { readonly held: boolean }) =>
    `${refusalText(refusal)}${held ? ", held" : ""}`,
  missing_since: ({ state, day, days }: Strings<"day"> & Numbers<"days"> & { readonly state: LeaverState }) =>
    `${state}: missing since ${day}${days > 0 ? `, ${counted(days, "day")}` : ""}`,
  still_named: ({ count }: Count) => `still the parent of ${counted(count, "user")}`,
  move_unknown: "The ledger has no Oplead ID of the old account number: not moved.",
  move_occupied: "The ledger has another user under the new account number: not moved.",
  users: ({ amount, sent }: Amount & Strings<"sent">) => `${counted(amount, "user")}: ${sent}`,
  one_user: ({ name, sent }: Strings<"name" | "sent">) => `${name}: ${sent}`,
  for_example: ({ users }: Strings<"users">) => `for example ${users}`,
  more: ({ amount }: Amount) => `… and ${number(amount)} more`,
};

export interface PlanHeadline {
  readonly added: number;
  readonly changed: number;
  readonly again: number;
  readonly moved: number;
  readonly gone: number;
  readonly refusedBy?: "guard" | "policy" | undefined;
}

export function planCounts({ added, changed, again, moved, gone }: Omit<PlanHeadline, "refusedBy">): string {
  return (
    joinParts([
      added !== 0 && `${number(added)} to create`,
      changed !== 0 && `${number(changed)} to change`,
      again !== 0 && `${number(again)} to send again`,
      moved !== 0 && `${number(moved)} to move`,
      gone !== 0 && `${number(gone)} gone`,
    ]) || "nothing to send"
  );
}

const BECAUSE: Readonly<Record<Waits, string>> = {
  invalid: "is invalid",
  held: "is refused by Oplead",
  duplicate: "is in several rows that differ",
  twin: "is perhaps a person whom Oplead knows already",
  stale: "is older than what Oplead has",
  failed: "could not be sent",
  unknown: "is neither in the source nor in the ledger",
  not_sent: "was not sent by this run",
};

// `was` is null if there was no rule, and undefined if the earlier one is not known.
export interface RuleInWords {
  readonly name: string;
  readonly unit: "km" | undefined;
  readonly was: string | null | undefined;
  readonly now: string;
}

export interface RulePartsInWords {
  readonly countries: readonly string[];
  readonly counties: readonly string[];
  readonly postcodes: readonly string[];
  readonly codes: readonly string[];
}

export interface AreasLost extends Numbers<"places" | "inhabitants"> {
  readonly isForSome: boolean;
}

export interface InSegments {
  // The share is NaN for a reason without one.
  readonly segments: readonly { readonly name: string; readonly share: number }[];
}

export function segmentsText(segments: InSegments["segments"], percent: (share: number) => string): string[] {
  return segments.slice(0, 3).map(({ name, share }) => (Number.isNaN(share) ? name : `${name} ${percent(share)}`));
}

interface Count {
  readonly count: number;
}

interface Tally extends Count {
  readonly name: string;
}

interface FromTo {
  readonly from: string;
  readonly to: string;
}

// Counties or postcodes that a text names at most.
const NAMED = 3;

function named(items: readonly string[], one: string, many: string): string {
  const { length } = items;
  return length > NAMED ? counted(length, one, many) : `${plural(length, one, many)} ${all(items)}`;
}

export const FIELDS = {
  accountNumber: "account number",
  civility: "form of address",
  lastname: "last name",
  firstname: "first name",
  login: "login",
  email: "e-mail",
  phone: "phone",
  mobile: "mobile phone",
  company: "company",
  address: "address",
  street: "street",
  zipCode: "postcode",
  city: "town",
  country: "country",
  profile: "profile",
  parentUserIdentifier: "parent",
};

export const LABELS = {
  new: "new",
  unknown_field: "unknown field",
  again: "sent again, because an earlier attempt had no known outcome",
  unchanged: "unchanged",
  incomplete: "arrived, but not all of their rules",
  failed: "failed",
  skipped: "skipped",
  unverifiable: "cannot be verified: they depend on a user that only this run would create",
  held: "held: refused before, and not changed since",
  suspicious: "suspicious",
  not_shown: "[not shown]",
  waiting: "waiting for a parent that is not in Oplead",
  invalid: "invalid",
  duplicate: "with an account number that several records have",
  stale: "older than what Oplead has",
  ignored: "left out",
  not_selected: "left out of this run (only or limit)",
  not_approved: "not approved, so not sent",
  resend: "sends again what Oplead has according to the ledger",
  leaver_rules: "with the rules for leavers",
  doubted: "sent once more, because an attempt had no known outcome",
  user_itself: "the user itself",
  retried: "refused before, and tried once more",
  twin: "perhaps known already: not sent",
  title_refused: "This plan is refused",
  title_new: "New",
  title_changed: "Changed",
  title_retried: "Tried once more",
  title_waiting: "Waiting",
  title_paused: "Paused",
  title_stopped: "Stopped",
  title_would_be_refused: "A real run would be refused",
  title_not_approved: "Still refused: the rest needs an approval",
  title_approved: "Approved, although it was refused",
  title_failed: "Failed",
  title_skipped: "Skipped",
  title_unverifiable: "Cannot be verified in test mode",
  title_held: "Held",
  title_invalid: "Invalid",
  title_twin: "Perhaps known already",
  title_duplicate: "Several records each",
  title_leaver: "Leavers",
  title_leaver_rules: "Rules of leavers",
  title_moved: "Moved",
  title_not_moved: "Not moved",
  title_created: "Created",
  title_updated: "Updated",
  title_refreshed: "Confirmed",
  title_incomplete: "Not all rules arrived",
  title_again: "Sent again",
  title_unchanged: "Unchanged",
  title_stale: "Older than what Oplead has",
  title_ignored: "Left out",
  title_not_selected: "Left out of this run",
  title_suspicious: "Suspicious data",
  title_warnings: "Warnings",
  title_why: "Why",
  user: "user",
  users: "users",
  sent: "sent",
  examples: "examples",
  why: "why",
  advice: "advice",
};

type Refreshed = Numbers<"users" | "days"> & { readonly run: "planned" | "test" | "done" };

interface Amount {
  readonly amount: number;
}
