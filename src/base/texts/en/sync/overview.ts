import { counted, duration, number, percent } from "../../../wording/words.ts";

interface Amount {
  readonly amount: number;
}

/** How a run ended, how a leaver stands, and why a parent is not sent. */
export type RunStatus = "complete" | "partial" | "stopped" | "paused" | "aborted";
export type LeaverState = "grace" | "due" | "done" | "perhaps";
export type Waits = "invalid" | "held" | "duplicate" | "twin" | "stale" | "waiting";

/** The words of a plan and a report for people. What has no parameters is said by its English text: `../../fr/sync/phrases.ts`. */
export const OVERVIEW = {
  /** Between several problems of a record. */
  separator: () => "; ",
  plan: (plan: { readonly hash: string; readonly records: number; readonly testMode: boolean }) =>
    `plan ${plan.hash}: ${counted(plan.records, "record")}${plan.testMode ? " (test mode)" : ""}`,
  report: (run: { readonly status: RunStatus; readonly testMode: boolean; readonly durationMs: number }) =>
    `sync ${run.status}${run.testMode ? " (test mode: nothing was persisted)" : ""}, ${duration(run.durationMs)}`,
  no_report: ({ isRefused, time }: { readonly isRefused: boolean; readonly time: string }) =>
    `sync ${isRefused ? "refused" : "failed"}: nothing was sent, ${time}`,
  changed: ({ fields }: { readonly fields: string }) => `changed${fields === "" ? "" : `: ${fields}`}`,
  created: ({ testMode }: { readonly testMode: boolean }) => (testMode ? "would be created" : "created"),
  updated: ({ testMode }: { readonly testMode: boolean }) => (testMode ? "would be updated" : "updated"),
  moved: ({ amount }: Amount) => (amount === 1 ? "moves to a new account number" : "move to new account numbers"),
  leavers: ({ due, perhaps }: { readonly due: number; readonly perhaps: number }) =>
    `missing from the source (no user is removed): ${number(due)} due${perhaps === 0 ? "" : `, ${number(perhaps)} perhaps`}`,
  rules_to_set: ({ rules }: { readonly rules: string }) => `rules to set: ${rules}`,
  needs: ({ requests, durationMs }: { readonly requests: number; readonly durationMs: number | undefined }) => {
    const time = durationMs === undefined ? "" : durationMs < 1_000 ? "less than 1 s" : duration(durationMs);
    return `needs ${counted(requests, "request")}${time === "" ? "" : ` (${time} at the client's rate)`}`;
  },
  only: ({ amount }: Amount) => `sends only ${counted(amount, "named user")}`,
  limit: ({ amount }: Amount) => `sends at most ${counted(amount, "user")}`,
  really_new: ({ users }: { readonly users: string }) => `really new, as was said: ${users}`,
  changed_since: ({ time }: { readonly time: string }) => `reads what changed since ${time}`,
  problems: ({ all, fresh }: { readonly all: number; readonly fresh: number }) =>
    `${counted(all, "problem")}, ${number(fresh)} of them new since the last run`,
  requests: ({ requests, retries, waited }: { readonly [Fact in "requests" | "retries" | "waited"]: number }) =>
    counted(requests, "request") +
    (retries > 0 ? `, ${number(retries)} of them to make up for failures` : "") +
    (waited < 0.01 ? "" : `; at most ${percent(waited)} of the time was a wait for the rate`),
  run: ({ run, plan }: { readonly run: string; readonly plan: string }) =>
    `run ${run}${plan === "" ? "" : `, plan ${plan}`}`,
  rule: ({ name }: { readonly name: string }) => `rule ${name}`,
  rule_change: ({ name, was, now }: RuleInWords) => {
    const unit = name === "maxDistance" ? " km" : "";
    const before = was === undefined ? " (before: not known)" : was === null ? " (before: none)" : "";
    const values = was === undefined || was === null ? now : `${was} → ${now}`;
    return `${name === "maxDistance" ? "radius" : `rule ${name}`} ${values}${unit}${before}`;
  },
  rule_values: ({ count }: { readonly count: number }) => counted(count, "value"),
  no_rule_values: () => "none",
  record: ({ number }: { readonly number: number }) => `record ${number}`,
  row: ({ number }: { readonly number: number }) => `row ${number}`,
  moved_from: ({ from }: { readonly from: string | undefined }) =>
    from === undefined ? "moved" : `moved from ${from}`,
  parent: ({ parent, because }: { readonly parent: string; readonly because: Waits }) =>
    `its parent ${parent} is ${because}`,
  depends: ({ step, on }: { readonly step: string; readonly on: string }) =>
    `${step}: depends on ${on}, which only this run would create`,
  held_since: ({ step, answer, day }: { readonly step: string; readonly answer: string; readonly day: string }) =>
    `${step}: ${answer} since ${day}`,
  failed_step: (failure: { readonly step: string; readonly answer: string; readonly held: boolean }) =>
    `${failure.step}: ${failure.answer}${failure.held ? ", held" : ""}`,
  missing_since: ({ state, day, days }: { readonly state: LeaverState; readonly day: string; readonly days: number }) =>
    `${state}: missing since ${day}, ${counted(days, "day")}`,
  move_unknown: ({ from }: { readonly from: string }) => `not moved: the ledger has no Oplead ID of ${from}`,
  move_occupied: ({ to }: { readonly to: string }) => `not moved: the ledger has another user under ${to}`,
  users: ({ amount, sent }: Amount & { readonly sent: string }) => `${counted(amount, "user")}: ${sent}`,
  for_example: ({ users }: { readonly users: string }) => `for example ${users}`,
  more: ({ amount }: Amount) => `… and ${number(amount)} more`,
};

/** A rule that is replaced. `was`: null if there was none; undefined if that is not known. */
export interface RuleInWords {
  readonly name: string;
  readonly was: string | null | undefined;
  readonly now: string;
}
