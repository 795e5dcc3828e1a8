import { counted, duration, listed, number, percent } from "../../wording/words.ts";
import type { Coded } from "../coded.ts";
import { POLICIES } from "./coverage/policies.ts";
import { GUARD, STOPS } from "./sync/plan.ts";
import { REASONS } from "./sync/report.ts";

const REFUSALS = /* @__PURE__ */ Object.freeze({ ...GUARD, ...POLICIES });

export const ALERT_TITLES = {
  refused: () => "The run was refused",
  stopped: () => "The run ended early",
  failed: () => "The run failed",
  new_problems: () => "There are new problems",
  many_invalid: () => "Many records are not valid",
  user_count: () => "The number of users is unusual",
  long_run: () => "The run took far longer than usual",
  leavers_due: () => "Leavers wait for an administrator",
  held_long: () => "Users have been refused for long",
  sample: () => "This is a sample",
};

/** The event, in a sentence or two. */
export const ALERTS = {
  refused: ({ findings }: { readonly findings: readonly Coded<typeof REFUSALS>[] }) =>
    ["Nothing was sent.", ...findings.map(({ code, parameters }) => REFUSALS[code]?.(parameters as never))].join(" "),
  stopped: ({ reason }: { readonly reason: Coded<typeof STOPS> | undefined }) =>
    `Not every user was sent. ${reason ? STOPS[reason.code]?.(reason.parameters as never) : "It was ended by a signal."}`,
  failed: ({ code }: { readonly code: string }) =>
    `${code === "nothing_arrived" ? "Nothing of what was to be sent has arrived." : Object.hasOwn(REASONS, code) ? REASONS[code as "timeout"]() : "It has no report."} (${code})`,
  new_problems: ({ added, known }: { readonly added: number; readonly known: number }) =>
    `${counted(added, "problem")} that the run before did not have, and ${number(known)} that it had as well.`,
  many_invalid: ({ invalid, records, limit }: { invalid: number; records: number; limit: number }) =>
    `${number(invalid)} of ${counted(records, "record")} cannot be sent; the limit is ${percent(limit)} (invalidShare).`,
  user_count: ({ users, usual }: { readonly users: number; readonly usual: number }) =>
    `The source has ${counted(users, "user")}; usual are ${number(usual)}, the median of the last runs.`,
  long_run: ({ durationMs, usualMs }: { readonly durationMs: number; readonly usualMs: number }) =>
    `It took ${duration(durationMs)}; usual are ${duration(usualMs)}, the median of the last runs.`,
  leavers_due: ({ users }: { readonly users: number }) =>
    `${counted(users, "user")} left the source, and the grace period is over.`,
  held_long: ({ users, days }: { readonly users: number; readonly days: number }) =>
    `Oplead has refused ${counted(users, "user")} for more than ${counted(days, "day")}.`,
  sample: () => "Nothing has happened: somebody tries whether alerts arrive here.",
};

export const ALERT_ADVICE = {
  refused: () =>
    "Read the plan. If it is right, approve it: npx oplead apply --approve HASH. Until then nothing is sent.",
  stopped: () => "Check token, network and Oplead. The next run continues.",
  failed: () => "Check config, source, token and ledger. The next run makes up for it.",
  new_problems: () => "Read what became of each user, and correct the source.",
  many_invalid: () => "Send the list to the people who maintain the data.",
  user_count: () => "Check whether the source is complete.",
  long_run: () => "Compare the runs: failures, repetitions, and other programs that use the token.",
  leavers_due: () => "Deal with them in Oplead, then tick them off: npx oplead leavers done ACCOUNT.",
  held_long: () => "Correct them in the source; they are sent again after they have changed.",
  sample: () => "Nothing to do.",
};

/** The rest of a message. */
export const ALERT_WORDS = {
  titled: ({ name, title }: { readonly name: string; readonly title: string }) => `${name}: ${title}`,
  over: ({ title }: { readonly title: string }) => `Over – ${title}`,
  since: ({ time }: { readonly time: string }) => `Since: ${time}`,
  lasted: ({ since, until }: { readonly since: string; readonly until: string }) => `From ${since} to ${until}`,
  users: ({ names, count }: { readonly names: readonly string[]; readonly count: number }) =>
    `Users: ${listed(names, "and", count)}`,
  to_do: ({ advice, command }: { readonly advice: string; readonly command: string }) =>
    `What to do: ${advice}\n${command}`,
};

/** Why an alert has perhaps not arrived. */
export const ALERT_PROBLEMS = {
  alert_not_sent: ({ target, reason }: { readonly target: string; readonly reason: string }) =>
    `${target}: the alert was not sent (${reason}).`,
  alerts_not_remembered: ({ reason }: { readonly reason: string }) =>
    `The ledger cannot remember what was told (${reason}), so the next run may tell it again.`,
};
