import { ruleChangeText } from "../overview/rule-change.ts";
import { failureRows, problemRows, type Unsent, unsentOf } from "../report/problems.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { PlannedMove, PlannedUser, SourcePosition, WaitingRoot } from "../types/records.ts";
import type { ProblemRow, SavedReport } from "../types/report.ts";
import { byRoot, isLeftOut, isWaiting, rootName } from "../waiting.ts";
import { fieldName, type KINDS, type Words } from "./words.ts";

export type Kind = keyof typeof KINDS;

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
export function changeGroups(
  plan: PlanFacts,
  words: Words,
  valuesOf: (index: number) => readonly string[] = () => [],
): Group[] {
  const teller = new ChangeTeller(words);
  const told: Told[] = [];
  for (const change of plan.changes) told.push(teller.tell(change, valuesOf(told.length)));
  return grouped([...told, ...toldMoves(plan.moves, true, words)], words);
}

function toldMoves(moves: readonly PlannedMove[], made: boolean, words: Words): Told[] {
  const { page, overview, say } = words;
  return moves
    .filter(({ problem }) => made === !problem)
    .map(({ from, to, problem }) => ({
      kind: problem ? "not_moved" : "moved",
      text: problem ? page[`move_${problem}`]() : say("new_account_number"),
      entry: {
        who: shown(to, words),
        notes: [overview.moved_from({ from: shown(from, words) })],
        fields: [],
        segment: undefined,
      },
    }));
}

/** Many changes send the same: that is put into words once. */
class ChangeTeller {
  readonly #words: Words;
  readonly #known = new Map<string, { readonly text: string; readonly fields: readonly string[] }>();

  constructor(words: Words) {
    this.#words = words;
  }

  tell(change: PlannedUser, values: readonly string[]): Told {
    const { accountNumber, row, kind, movedFrom, segment, ruleChanges } = change;
    const { overview } = this.#words;
    const notes = [
      ...placeNotes(row ?? undefined, this.#words),
      ...(movedFrom == null ? [] : [overview.moved_from({ from: shown(movedFrom, this.#words) })]),
      ...(segment === undefined ? [] : [segment]),
      ...(values.length > 0 ? values : (ruleChanges ?? []).map((rule) => ruleChangeText(rule, this.#words))),
    ];
    const { text, fields } = this.#sent(change);
    const entry = { who: shown(accountNumber, this.#words), notes, fields, segment };
    return { kind: kind === "leaver" ? "leaver_rules" : kind, text, entry };
  }

  #sent({ kind, fields, rules, doubted, fieldsUnknown }: PlannedUser) {
    const { say, words } = this.#words;
    const key = JSON.stringify([kind === "new", fields, rules, doubted, fieldsUnknown]);
    const known = this.#known.get(key);
    if (known) return known;
    const sent = [
      ...(fieldsUnknown ? [say("fields_unknown")] : fields.map((field) => fieldName(this.#words, field))),
      ...rules.map((rule) => words.rule({ name: fieldName(this.#words, rule) })),
      ...(doubted ? [say("doubted")] : []),
    ];
    // Of a new user everything is sent.
    const text = kind === "new" ? sent.slice(fieldsUnknown ? 0 : fields.length) : sent;
    const made = { text: text.join(", "), fields: [...fields, ...rules] };
    this.#known.set(key, made);
    return made;
  }
}

/** The users and records of a plan that are not sent, or that look wrong, by reason. */
export function planProblems(plan: PlanFacts, words: Words): Group[] {
  return grouped([...toldProblems(unsentOf(plan), "waiting", words), ...toldMoves(plan.moves, false, words)], words);
}

/** The users and records of a run that did not arrive, or that look wrong, by reason. */
export function reportProblems(report: SavedReport, words: Words): Group[] {
  const failed = failureRows(report.failures, words.language).map((row) => toldProblem(row, row.problem, words));
  return grouped([...failed, ...toldProblems({ ...report, failures: [] }, "skipped", words)], words);
}

function toldProblems(unsent: Unsent, skipped: Kind, words: Words): Told[] {
  // Each of them is an entry here, in a group for the user for whom they wait.
  const told = toldWaiting([...unsent.skipped, ...unsent.held].filter(isWaiting), skipped, words);
  const others = {
    ...unsent,
    skipped: unsent.skipped.filter(isLeftOut),
    held: unsent.held.filter((user) => !isWaiting(user)),
  };
  for (const row of problemRows(others, words.language)) {
    told.push(toldProblem(row, row.problem === "skipped" ? skipped : row.problem, words));
  }
  return told;
}

function toldWaiting(
  users: readonly (SourcePosition & { accountNumber: string; root: WaitingRoot })[],
  kind: Kind,
  words: Words,
): Told[] {
  const { overview, advice } = words;
  return byRoot(users).flatMap(({ root, users }) => {
    const text = `${rootName(root, words)} ${overview.not_sent(root)}`;
    return users.map(({ accountNumber, row }) => {
      const entry = {
        who: shown(accountNumber, words),
        notes: placeNotes(row ?? undefined, words),
        fields: [],
        segment: undefined,
      };
      return { kind, text, advice: advice.parent_missing(), entry };
    });
  });
}

function toldProblem(
  { row, accountNumber, step, field, reason, advice, since }: ProblemRow,
  kind: Kind,
  words: Words,
): Told {
  const place = placeNotes(row === "" ? undefined : row, words);
  const [first = "", ...others] = accountNumber == null ? place : [shown(accountNumber, words), ...place];
  const rule = step === undefined || step === "user" ? [] : [words.words.rule({ name: fieldName(words, step) })];
  const notes = [...others, ...rule, ...(since === undefined ? [] : [words.page.since({ day: since.slice(0, 10) })])];
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
function shown(accountNumber: string, { say }: Words): string {
  return accountNumber === "[not shown]" ? say("not_shown") : accountNumber;
}

function grouped(told: readonly Told[], { say }: Words): Group[] {
  const kinds = new Map<Kind, Map<string, Told[]>>();
  for (const one of told) {
    const ofKind = kinds.get(one.kind) ?? new Map<string, Told[]>();
    kinds.set(one.kind, ofKind);
    const key = `${one.text}\n${one.advice}`;
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
    return merged.length === 0 ? groups : [...groups, { kind, text: say("other_combinations"), entries: merged }];
  });
}
