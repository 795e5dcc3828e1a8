import { caseOf } from "../advice.ts";
import type { Language } from "../language.ts";
import { openLeavers } from "../leavers/leaver.ts";
import { recordFindings } from "../record-findings.ts";
import { answerOf, placeOf, userAt, who } from "../text.ts";
import { twinCase } from "../twin-case.ts";
import type { Findings, InvalidRecord, Leaver, PlannedMove, SuspiciousRecord, SyncWarning } from "../types/records.ts";
import { byRoot, isWaiting, type WaitingUsers, waitedFor } from "../waiting.ts";
import { type Section, sectionsIn } from "./overview.ts";

/** The sections that plans and reports share: users that are not sent, or that are worth a look. */
export function findingSections(
  found: Findings & { readonly warnings: readonly SyncWarning[] },
  language: Language,
  leaverNotes?: ReadonlyMap<string, string>,
): Section[] {
  const { overview, advice } = language;
  const section = sectionsIn(language);
  const problems = (record: InvalidRecord | SuspiciousRecord) => problemsOf(record, language);
  return [
    section(
      "title_held",
      ["user", "refused_step", "advice"],
      found.held.filter((user) => !isWaiting(user)),
      (user) => [
        userAt(user, language),
        overview.held_since({ step: user.step, answer: answerOf(user), day: dayOf(user.since) }),
        advice[caseOf(user)](),
      ],
      { tone: "notable" },
    ),
    section("title_invalid", ["record", "problems"], found.invalid, problems, { tone: "bad" }),
    section("title_duplicates", ["user", "records"], found.duplicates, ({ accountNumber, records, rows }) => [
      who(accountNumber),
      records.map((record, index) => placeOf({ record, row: rows[index] }, language)).join(", "),
    ]),
    section(
      "title_twins",
      ["user", "why"],
      found.twins,
      (user) => {
        const { reason, advice } = twinCase(user, language);
        return [userAt(user, language), `${reason} ${advice}`];
      },
      { tone: "notable" },
    ),
    section(
      "title_leavers",
      ["user", "since", ...(leaverNotes ? (["area"] as const) : [])],
      // Those that are missing longest first: they are due.
      openLeavers(found.missing).sort((a, b) => b.days - a.days),
      ({ accountNumber, id, missingSince, days, state }) => [
        `${who(accountNumber)} (id ${who(id)})`,
        overview.missing_since({ state, day: dayOf(missingSince), days }),
        ...(leaverNotes ? [leaverNotes.get(accountNumber) ?? ""] : []),
      ],
    ),
    section("title_moves", ["move", "problem"], found.moves, ({ from, to, problem }) => [
      `${who(from)} → ${who(to)}`,
      problem ? overview[`move_${problem}`]({ from: who(from), to: who(to) }) : "",
    ]),
    section("title_suspicious", ["record", "looks_wrong"], found.suspicious, problems, { tone: "notable" }),
    section("title_warnings", ["warning"], found.warnings, (one) => [language.told(one)], { tone: "notable" }),
  ];
}

/** Who waits, by the user for whom they wait. */
export function waitingSection(users: Parameters<typeof byRoot>[0], language: Language): Section {
  const row = (waiting: WaitingUsers) => [
    userAt(waiting.root, language),
    language.overview.waited_for(waitedFor(waiting)),
  ];
  return sectionsIn(language)("title_waiting", ["user", "why"], byRoot(users), row);
}

/** How many users get new account numbers. */
export function moveAmount(
  { overview }: Language,
  moves: readonly PlannedMove[] = [],
): readonly [amount: number, what: string] {
  const { length } = moves.filter(({ problem }) => !problem);
  return [length, overview.moved({ amount: length })];
}

/** How many users left the source, for the first page. */
export function leaverAmount(
  { overview }: Language,
  missing: readonly Leaver[],
): readonly [amount: number, what: string] {
  const open = openLeavers(missing);
  const of = (state: Leaver["state"]): number => open.filter((leaver) => leaver.state === state).length;
  return [open.length, overview.leavers({ due: of("due"), perhaps: of("perhaps") })];
}

function problemsOf(record: InvalidRecord | SuspiciousRecord, language: Language): string[] {
  const { overview } = language;
  const problems = recordFindings(record.issues, language).map(({ reason }) => reason);
  const known = "since" in record && record.since ? [overview.sent_since({ day: dayOf(record.since) })] : [];
  return [userAt(record, language), [...problems, ...known].join(overview.separator())];
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
