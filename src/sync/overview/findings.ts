import { caseOf } from "../advice.ts";
import type { Language } from "../language.ts";
import { openLeavers } from "../leavers/leaver.ts";
import { answerOf, placeOf, userAt, who } from "../text.ts";
import type { Findings, InvalidRecord, Leaver, PlannedMove, SuspiciousRecord, SyncWarning } from "../types/records.ts";
import { type Section, section } from "./overview.ts";

/** The sections that plans and reports share: users that are not sent, or that are worth a look. */
export function findingSections(
  found: Findings & { readonly warnings: readonly SyncWarning[] },
  language: Language,
  leaverNotes?: ReadonlyMap<string, string>,
): Section[] {
  const { overview, advice } = language;
  const problems = (record: InvalidRecord | SuspiciousRecord) => problemsOf(record, language);
  return [
    section(
      overview.section_held({}),
      [overview.column_user({}), overview.column_refused_step({}), overview.column_advice({})],
      found.held,
      (user) => {
        return [
          userAt(user, language),
          overview.held_since({ step: user.step, answer: answerOf(user), day: dayOf(user.since) }),
          advice[caseOf(user)]({}),
        ];
      },
      { tone: "notable" },
    ),
    section(
      overview.section_invalid({}),
      [overview.column_record({}), overview.column_problems({})],
      found.invalid,
      problems,
      { tone: "bad" },
    ),
    section(
      overview.section_duplicates({}),
      [overview.column_user({}), overview.column_records({})],
      found.duplicates,
      ({ accountNumber, records, rows }) => {
        return [
          who(accountNumber),
          records.map((record, index) => placeOf({ record, row: rows[index] }, language)).join(", "),
        ];
      },
    ),
    section(
      overview.section_leavers({}),
      [overview.column_user({}), overview.column_since({}), ...(leaverNotes ? [overview.column_area({})] : [])],
      byAge(openLeavers(found.missing)),
      (leaver) => {
        const { accountNumber, id, missingSince, days, state } = leaver;
        return [
          `${who(accountNumber)} (id ${who(id)})`,
          overview.missing_since({ state, day: dayOf(missingSince), days }),
          ...(leaverNotes ? [leaverNotes.get(accountNumber) ?? ""] : []),
        ];
      },
    ),
    section(
      overview.section_moves({}),
      [overview.column_move({}), overview.column_problem({})],
      found.moves ?? [],
      ({ from, to, problem }) => {
        return [
          `${who(from)} → ${who(to)}`,
          problem ? overview[`move_${problem}`]({ from: who(from), to: who(to) }) : "",
        ];
      },
    ),
    section(
      overview.section_suspicious({}),
      [overview.column_record({}), overview.column_wrong({})],
      found.suspicious,
      problems,
      { tone: "notable" },
    ),
    section(
      overview.section_warnings({}),
      [overview.column_warning({})],
      found.warnings,
      (one) => [language.told(one)],
      { tone: "notable" },
    ),
  ];
}

/** How many users get new account numbers. Plans and reports of an older form know of none. */
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

/** Those that are missing longest first: they are due. */
function byAge(leavers: readonly Leaver[]): Leaver[] {
  return [...leavers].sort((a, b) => b.days - a.days);
}

function problemsOf(record: InvalidRecord | SuspiciousRecord, language: Language): string[] {
  const problems = record.issues.map((issue) => `${issue.path} ${language.issue(issue)}`.trimStart());
  return [userAt(record, language), problems.join(language.overview.separator({}))];
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
