import { problemRows, unsentOf } from "../sync/report/problems.ts";
import type { SavedPlan } from "../sync/types/plan.ts";
import type { PlannedUser } from "../sync/types/records.ts";
import type { ProblemRow, SavedReport } from "../sync/types/report.ts";
import { fieldName, type Words } from "./words.ts";

export type Kind = keyof Words["kinds"];

/** A user or a record in a list. */
export interface Entry {
  readonly who: string;
  /** Details that set it apart from others of its group, for example its row. */
  readonly notes: readonly string[];
  /** Names of fields and rules, to filter by. */
  readonly fields: readonly string[];
  readonly segment: string | undefined;
}

/** Entries with the same thing to say of them. */
export interface Group {
  readonly kind: Kind;
  /** For example the fields that are sent, or the reason why it is not. */
  readonly text: string;
  readonly advice?: string | undefined;
  readonly entries: readonly Entry[];
}

/** An entry with the text and advice that its group will have. */
interface Told extends Omit<Group, "entries"> {
  readonly entry: Entry;
}

/** At most this many groups of a kind: the rest, the smallest, are one list in which each entry says what it is. */
const MOST_GROUPS = 30;

/** The changes of a plan by kind and by what is sent, the largest group first, and the moves that it makes. */
export function changeGroups(plan: SavedPlan, words: Words): Group[] {
  return grouped([...plan.changes.map((change) => toldChange(change, words)), ...toldMoves(plan, true, words)], words);
}

function toldMoves({ moves = [] }: SavedPlan, made: boolean, words: Words): Told[] {
  const { page, overview } = words;
  return moves
    .filter(({ problem }) => made === !problem)
    .map(({ from, to, problem }) => ({
      kind: problem ? "not_moved" : "moved",
      text: problem ? page[`move_${problem}`]({}) : page.new_number({}),
      entry: {
        who: shown(to, words),
        notes: [overview.moved_from({ from: shown(from, words) })],
        fields: [],
        segment: undefined,
      },
    }));
}

function toldChange(change: PlannedUser, words: Words): Told {
  const { accountNumber, row, kind, movedFrom, rules, doubted, fieldsUnknown, segment } = change;
  const { overview } = words;
  const fields = [...change.fields, ...rules];
  const sent = [
    ...(fieldsUnknown ? [overview.fields_unknown({})] : change.fields.map((field) => fieldName(words, field))),
    ...rules.map((rule) => words.words.rule({ name: fieldName(words, rule) })),
    ...(doubted ? [overview.doubted({})] : []),
  ];
  const notes = [
    ...placeNotes(row ?? undefined, words),
    ...(movedFrom == null ? [] : [overview.moved_from({ from: shown(movedFrom, words) })]),
    ...(segment === undefined ? [] : [segment]),
  ];
  // Of a new user everything is sent.
  const text = kind === "new" ? sent.slice(fieldsUnknown ? 0 : change.fields.length) : sent;
  const entry = { who: shown(accountNumber, words), notes, fields, segment };
  return { kind: kind === "leaver" ? "leaver_rules" : kind, text: text.join(", "), entry };
}

/** The users and records of a plan that are not sent, or that look wrong, by reason. */
export function planProblems(plan: SavedPlan, words: Words): Group[] {
  const rows = problemRows(unsentOf(plan), words.language);
  const told = rows.map((row) => toldProblem(row, row.problem === "skipped" ? "waiting" : row.problem, words));
  return grouped([...told, ...toldMoves(plan, false, words)], words);
}

/** The users and records of a run that did not arrive, or that look wrong, by reason. */
export function reportProblems(report: SavedReport, words: Words): Group[] {
  const { reasons, advice, words: say } = words;
  // A saved report has no errors; the code of the advice tells the case.
  const failures = report.failures.map((failure): Told => {
    const { code } = failure.advice;
    const reason = code === "suspicious" ? failure.message : reasons[code]({} as never);
    const step = failure.step === "user" ? [] : [say.rule({ name: fieldName(words, failure.step) })];
    const told = { kind: failure.held ? "held" : "failed", text: reason, advice: advice[code]({}) } as const;
    const notes = [...placeNotes(failure.row ?? undefined, words), ...step];
    return { ...told, entry: { who: shown(failure.accountNumber, words), notes, fields: step, segment: undefined } };
  });
  const rows = problemRows({ ...report, failures: [] }, words.language);
  return grouped([...failures, ...rows.map((row) => toldProblem(row, row.problem, words))], words);
}

function toldProblem(
  { row, accountNumber, step, field, reason, advice, since }: ProblemRow,
  kind: Kind,
  words: Words,
): Told {
  const place = placeNotes(row === "" ? undefined : row, words);
  const [first = "", ...others] = accountNumber == null ? place : [shown(accountNumber, words), ...place];
  const rule = step === undefined || step === "user" ? [] : [words.words.rule({ name: fieldName(words, step) })];
  const notes = [...others, ...rule, ...(since === undefined ? [] : [since.slice(0, 10)])];
  const fields = [
    ...(field === undefined ? [] : [field.split(/[.[]/, 1)[0] ?? field]),
    ...(rule.length > 0 && step ? [step] : []),
  ];
  return { kind, text: reason, advice, entry: { who: first, notes, fields, segment: undefined } };
}

function placeNotes(row: number | string | undefined, { overview }: Words): string[] {
  if (row === undefined) return [];
  return [typeof row === "number" ? overview.row({ number: row }) : row];
}

/** Account numbers that are personal data are replaced already, in English. */
function shown(accountNumber: string, { page }: Words): string {
  return accountNumber === "[not shown]" ? page.not_shown({}) : accountNumber;
}

function grouped(told: readonly Told[], { page }: Words): Group[] {
  const kinds = new Map<Kind, Map<string, Told[]>>();
  for (const one of told) {
    const ofKind = kinds.get(one.kind) ?? new Map<string, Told[]>();
    kinds.set(one.kind, ofKind);
    const key = JSON.stringify([one.text, one.advice]);
    const group = ofKind.get(key);
    if (group) group.push(one);
    else ofKind.set(key, [one]);
  }
  return [...kinds].flatMap(([kind, ofKind]) => {
    const bySize = [...ofKind.values()].sort((a, b) => b.length - a.length);
    const rest = bySize.length > MOST_GROUPS + 1 ? bySize.splice(MOST_GROUPS).flat() : [];
    const groups = bySize.map((all): Group => {
      const { text = "", advice } = all[0] ?? {};
      return { kind, text, advice, entries: all.map(({ entry }) => entry) };
    });
    const merged = rest.map(({ text, advice = "", entry }) => ({
      ...entry,
      notes: [...entry.notes, `${text} ${advice}`.trimEnd()],
    }));
    return merged.length === 0 ? groups : [...groups, { kind, text: page.others({}), entries: merged }];
  });
}
