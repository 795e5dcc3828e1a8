import { counted, number } from "../../base/words.ts";
import { adviceFor, caseOf } from "../advice.ts";
import { openLeavers } from "../leavers/leaver.ts";
import { answerOf, placeOf, userAt, who } from "../text.ts";
import type { Findings, InvalidRecord, Leaver, PlannedMove, SuspiciousRecord, SyncWarning } from "../types/records.ts";
import { type Section, section } from "./overview.ts";

/** The sections that plans and reports share: users that are not sent, or that are worth a look. */
export function findingSections(
  found: Findings & { readonly warnings: readonly SyncWarning[] },
  leaverNotes?: ReadonlyMap<string, string>,
): Section[] {
  return [
    section(
      "Held",
      ["user", "refused step", "advice"],
      found.held,
      (user) => {
        return [
          userAt(user),
          `${user.step}: ${answerOf(user)} since ${dayOf(user.since)}`,
          adviceFor(caseOf(user)).message,
        ];
      },
      { tone: "notable" },
    ),
    section("Invalid", ["record", "problems"], found.invalid, problemsOf, { tone: "bad" }),
    section("Several records each", ["user", "records"], found.duplicates, ({ accountNumber, records, rows }) => {
      return [who(accountNumber), records.map((record, index) => placeOf({ record, row: rows[index] })).join(", ")];
    }),
    section(
      "Leavers",
      ["user", "since", ...(leaverNotes ? ["area"] : [])],
      byAge(openLeavers(found.missing)),
      (leaver) => {
        const { accountNumber, id, missingSince, days, state } = leaver;
        return [
          `${who(accountNumber)} (id ${who(id)})`,
          `${state}: missing since ${dayOf(missingSince)}, ${counted(days, "day")}`,
          ...(leaverNotes ? [leaverNotes.get(accountNumber) ?? ""] : []),
        ];
      },
    ),
    section("Moves", ["move", "problem"], found.moves ?? [], ({ from, to, problem }) => {
      return [`${who(from)} → ${who(to)}`, problem ? `not moved: ${MOVE_PROBLEMS[problem](who(from), who(to))}` : ""];
    }),
    section("Suspicious data", ["record", "what looks wrong"], found.suspicious, problemsOf, { tone: "notable" }),
    section("Warnings", ["warning"], found.warnings, ({ message }) => [message], { tone: "notable" }),
  ];
}

const MOVE_PROBLEMS = {
  unknown: (from: string) => `the ledger has no Oplead ID of ${from}`,
  occupied: (_from: string, to: string) => `the ledger has another user under ${to}`,
};

/** How many users get new account numbers. Plans and reports of an older form know of none. */
export function moveAmount(moves: readonly PlannedMove[] = []): readonly [amount: number, what: string] {
  const { length } = moves.filter(({ problem }) => !problem);
  return [length, length === 1 ? "moves to a new account number" : "move to new account numbers"];
}

/** How many users left the source, for the first page. */
export function leaverAmount(missing: readonly Leaver[]): readonly [amount: number, what: string] {
  const open = openLeavers(missing);
  const of = (state: Leaver["state"]): number => open.filter((leaver) => leaver.state === state).length;
  const perhaps = of("perhaps");
  const states = `${number(of("due"))} due${perhaps === 0 ? "" : `, ${number(perhaps)} perhaps`}`;
  return [open.length, `missing from the source (no user is removed): ${states}`];
}

/** Those that are missing longest first: they are due. */
function byAge(leavers: readonly Leaver[]): Leaver[] {
  return [...leavers].sort((a, b) => b.days - a.days);
}

function problemsOf(record: InvalidRecord | SuspiciousRecord): string[] {
  const problems = record.issues.map(({ path, message }) => `${path} ${message}`.trimStart());
  return [userAt(record), problems.join("; ")];
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
