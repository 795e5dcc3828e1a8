import type { OpleadIssue } from "../../core/issues.ts";
import { capitalised } from "../../locales/grammar.ts";
import { type Case, caseOf, caseOfAdvice, wordsOf } from "../advice.ts";
import { among } from "../findings.ts";
import type { Language } from "../language.ts";
import { openLeavers } from "../leavers.ts";
import { usersAmong, who } from "../show.ts";
import { type Finding, NO_RECORD, type PlacedUser, type SourcePosition, type WaitingRoot } from "../types/findings.ts";
import type { Findings, PlannedMove } from "../types/records.ts";
import type { Explained } from "../types/report.ts";
import {
  grouped,
  type Item,
  type Items,
  itemAt,
  itemNamed,
  itemsOf,
  type Kind,
  type Naming,
  nameOf,
  type Placed,
  placeOf,
  type Section,
  sectionsIn,
  shown,
} from "./overview.ts";

export interface ProblemOptions {
  readonly named: Naming;
  readonly leaverNotes?: ReadonlyMap<string, string> | undefined;
}

export function problemSections(
  { findings, moves, columns = {} }: Findings,
  language: Language,
  options: ProblemOptions,
  more: readonly Section[] = [],
): Section[] {
  const { reasons, advice, words, overview } = language;
  const section = sectionsIn(language);
  const tell = (user: Placed, problem: Explained["problem"], said: readonly Said[], details: Details = {}): Item =>
    itemOf(user, problem, said, details, language);
  const about = (code: Case): Said => ({ code, reason: reasons[code], advice: advice[code] });
  const list = <T>(kind: Kind, all: readonly T[], item: (one: T) => Item, remedy?: (one: T) => string): Section =>
    section(kind, "unsent", itemsOf(all, item, remedy && { advice: remedy }));
  const fieldNames = (fields: Refusal["fields"]): string =>
    language.list((fields ?? []).map((path) => columnOf(path, columns) ?? options.named(path)));
  const refused = ({ step, fields, takenBy }: Refusal) => {
    const what = fieldNames(fields) || (step === "user" ? words.user : options.named(step));
    return { what, takenBy: ownerOf(takenBy, language) };
  };
  const aboutRefusal = (code: Case, { fields, takenBy }: Refusal): Said => {
    const what = about(code);
    const [field] = fields ?? [];
    if (field === undefined && !takenBy) return what;
    const parts = { fields: fieldNames(fields), reason: what.reason, takenBy: ownerOf(takenBy, language) };
    return { ...what, reason: words.refused_fields(parts), field, column: field && columnOf(field, columns) };
  };
  const found = (issues: readonly OpleadIssue[], remedy: string): Said[] => {
    return recordFindings(issues, language, columns, options.named).map((one) => ({ ...one, advice: remedy }));
  };
  const remedyOf = ([first]: readonly Finding<"invalid">[]): string =>
    first?.issues.every(({ code }) => code === "value_unknown") ? words.unknown_value : advice.invalid_input;
  return [
    list(
      "failed",
      among(findings, "failed"),
      (failure) => {
        const { step, status, requestId, error, held: isHeld } = failure;
        // A saved report has no errors.
        const opleadAnswer = ((error as typeof error | undefined) && wordsOf(error)) || undefined;
        const alone = overview.failed_step({ ...refused(failure), code: failure.code, status, held: isHeld });
        return tell(failure, isHeld ? "held" : "failed", [aboutRefusal(caseOfAdvice(failure.advice), failure)], {
          cells: { step, status, requestId, opleadAnswer },
          said: { alone, notes: [alone] },
        });
      },
      (failure) => advice[caseOfAdvice(failure.advice)],
    ),
    list(
      "held",
      among(findings, "held").filter((user) => !isWaiting(user)),
      (user) => {
        const { step, status, since } = user;
        const what = aboutRefusal(caseOf(user), user);
        const alone = overview.held_since({ ...refused(user), code: user.code, status, day: dayOf(since) });
        return tell(user, "held", [{ ...what, reason: `${what.reason} ${words.refused_before}` }], {
          cells: { step, status, since },
          said: { alone, notes: [alone] },
        });
      },
      (user) => advice[caseOf(user)],
    ),
    list(
      "invalid",
      // Groups rows with one value that the config does not know: the table may lack it.
      byUnknownValue(among(findings, "invalid")),
      (records) => {
        const [record] = records as [Finding<"invalid">];
        const said = found(record.issues, remedyOf(records)).map((one) => {
          return { ...one, ofMap: wordsOfMap(one, record.error) };
        });
        const { length: count } = records;
        if (count === 1) return tell(record, "invalid", said);
        const names = records.slice(0, MOST_ROWS).map((one) => nameOf(itemAt(one, { text: "" }, language)));
        const text = joined(
          said.map(({ reason }) => reason),
          language,
        );
        const alone = overview.in_rows({ text, count, names });
        return tell({ ...NO_RECORD, accountNumber: undefined }, "invalid", said, {
          each: records,
          rowsOf: records,
          said: { alone },
          name: overview.rows({ count }),
        });
      },
      remedyOf,
    ),
    list(
      "duplicate",
      among(findings, "duplicate"),
      ({ accountNumber, places: positions }) => {
        const places = positions.map((position) => ({ ...position, accountNumber }));
        const reason = reasons.duplicate({ rows: places.map(rowOf) });
        const said = { code: "duplicate", reason, advice: advice.duplicate } as const;
        return tell({ ...NO_RECORD, accountNumber }, "duplicate", [said], { rowsOf: places, each: places });
      },
      () => advice.duplicate,
    ),
    list("twin", among(findings, "twin"), (twin) => {
      const { by, inSource } = twin;
      const [accountNumber, of] = [who(twin.accountNumber), who(twin.of)];
      const remedy = words.twin_advice({ accountNumber, of, by, inSource });
      return tell(twin, "twin", [{ code: "possible_twin", reason: reasons.possible_twin({ of, by }), advice: remedy }]);
    }),
    list(
      "skipped",
      among(findings, "skipped"),
      (skip) => tell(skip, "skipped", [about(`run_${skip.reason}`)]),
      (skip) => advice[`run_${skip.reason}`],
    ),
    list(
      "waiting",
      // Groups users by the row that they wait for: it may be hundreds.
      grouped(among(findings, "waiting", "held").filter(isWaiting), ({ root }) => root.accountNumber),
      (users) => {
        const [{ root }] = users as [(typeof users)[number]];
        const waits = { because: root.because, ...usersAmong(users.map(({ accountNumber }) => accountNumber)) };
        const reason = reasons.parent_missing({ root: rootName(root, language), ...waits });
        return tell(root, "skipped", [{ code: "parent_missing", reason, advice: advice.parent_missing }], {
          each: users,
          said: { alone: overview.waited_for(waits) },
        });
      },
      () => advice.parent_missing,
    ),
    ...more,
    section("not_moved", "unsent", movedItems(moves, false, language)),
    list(
      "suspicious",
      among(findings, "suspicious"),
      (record) => {
        const { since } = record;
        const said = found(record.issues, advice.suspicious).map((one) => {
          return since ? { ...one, ofRow: `. ${words.sent_before}` } : one;
        });
        const notes = since ? [overview.sent_since({ day: dayOf(since) })] : [];
        return tell(record, "suspicious", said, { cells: { since: since ?? undefined }, said: { notes } });
      },
      () => advice.suspicious,
    ),
    list(
      "leaver",
      openLeavers(findings).sort((a, b) => b.days - a.days),
      ({ accountNumber, id, state, missingSince, days, team }) => {
        // `openLeavers` leaves out the state `done`.
        const what = about(`leaver_${state as Exclude<typeof state, "done">}`);
        const since = overview.missing_since({ state, day: dayOf(missingSince), days });
        const area = options.leaverNotes?.get(accountNumber);
        const named = team ? [capitalised(overview.still_named({ count: team }))] : [];
        const notes = [since, ...named, ...(area ? [area] : [])];
        const name = `${shown(accountNumber, language)} (ID ${who(id)})`;
        return tell({ ...NO_RECORD, accountNumber }, "leaver", [what], {
          cells: { since: missingSince },
          said: { alone: notes.join(". "), notes },
          name,
        });
      },
      ({ state }) => advice[`leaver_${state as Exclude<typeof state, "done">}`],
    ),
  ];
}

const MOST_ROWS = 5;

function byUnknownValue(records: readonly Finding<"invalid">[]): Finding<"invalid">[][] {
  const known = new Map<string, Finding<"invalid">[]>();
  return records.flatMap((one) => {
    const value = unknownValueOf(one);
    const same = value === undefined ? undefined : known.get(value);
    same?.push(one);
    if (same) return [];
    const group = [one];
    if (value !== undefined) known.set(value, group);
    return [group];
  });
}

const UNKNOWN_VALUES: ReadonlySet<string> = new Set(["value_unknown", "country_unknown"]);

function unknownValueOf({ issues }: Finding<"invalid">): string | undefined {
  if (!issues.every(({ code }) => UNKNOWN_VALUES.has(code)) || issues.length === 0) return undefined;
  return JSON.stringify(issues.map(({ path, parameters }) => [path, parameters]));
}

export function movedItems(moves: readonly PlannedMove[], made: boolean, language: Language): Items {
  return itemsOf(
    moves.filter(({ problem }) => made === !problem),
    ({ from, to, problem }) => {
      const text = problem ? language.overview[`move_${problem}`] : "";
      return itemNamed(`${shown(from, language)} → ${shown(to, language)}`, { text });
    },
  );
}

type Refusal = Pick<Finding<"held">, "step" | "fields" | "takenBy">;

function ownerOf(user: PlacedUser | null | undefined, language: Language): string | undefined {
  return user ? nameOf(itemAt(user, { text: "" }, language)) : undefined;
}

type Said = Pick<Explained, "code" | "reason" | "advice"> &
  Partial<Pick<Explained, "field" | "column">> & {
    // Message of `map`, for the CSV only: it may hold personal data.
    readonly ofMap?: string;
    readonly ofRow?: string;
  };

interface Details {
  readonly cells?: Partial<Pick<Explained, "step" | "opleadAnswer" | "status" | "since" | "requestId">>;
  readonly said?: Partial<Pick<Item, "alone" | "notes">>;
  readonly rowsOf?: readonly Placed[];
  readonly each?: readonly Placed[];
  readonly name?: string;
}

function itemOf(
  user: Placed,
  problem: Explained["problem"],
  said: readonly Said[],
  { cells = {}, said: inWords = {}, rowsOf = [user], each, name }: Details,
  language: Language,
): Item {
  const { step } = cells;
  const { notes = [], alone = joined([...said.map(({ reason }) => reason), ...notes], language) } = inWords;
  const rule = step === undefined || step === "user" ? [] : [step];
  const item = (of: Placed, some: readonly Said[], more: Partial<Item> = {}): Item => {
    const named = some.flatMap(({ field }) => (field === undefined ? [] : [field.split(/[.[]/, 1)[0] ?? field]));
    const text = joined(
      some.map(({ reason }) => reason),
      language,
    );
    const one = { text, notes, alone, advice: some[0]?.advice, fields: [...named, ...rule], ...more };
    return name === undefined || each?.includes(of) ? itemAt(of, one, language) : itemNamed(name, one);
  };
  const parts = each
    ? each.map((of) => item(of, said, { notes: [] }))
    : said.length > 1
      ? said.map((one) => item(user, [one]))
      : undefined;
  const rows = rowsOf.flatMap((place) => said.map((one) => problemRow(place, problem, one, cells)));
  return item(user, said, { parts, rows });
}

function joined(texts: readonly string[], { overview }: Language): string {
  return texts.join(overview.separator);
}

function problemRow(
  place: Placed,
  problem: Explained["problem"],
  { code, field, column, reason, advice, ofMap = "", ofRow = "" }: Said,
  { step, opleadAnswer, status, since, requestId }: NonNullable<Details["cells"]>,
): Explained {
  return {
    row: rowOf(place),
    accountNumber: place.accountNumber,
    problem,
    step,
    field,
    column,
    reason: reason + ofMap + ofRow,
    advice,
    opleadAnswer,
    code,
    status,
    since,
    requestId,
  };
}

// Row of the first record: people count from 1, and the header is row 1.
const FIRST_ROW = 2;

function rowOf({ record, row }: SourcePosition): number | string {
  return row ?? (record < 0 ? "" : record + FIRST_ROW);
}

function wordsOfMap({ code }: Pick<Said, "code">, error: unknown): string {
  return code === "map_failed" && error instanceof Error && error.message !== "" ? `: ${error.message}` : "";
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}

// In a saved report, undefined values may be null.
export function isWaiting<T extends { readonly root?: WaitingRoot | undefined }>(
  user: T,
): user is T & { readonly root: WaitingRoot } {
  return user.root != null;
}

export function heldWaitingAmong(findings: readonly Finding[]): number {
  const waiting = among(findings, "held").filter(isWaiting);
  return new Set(waiting.map(({ accountNumber }) => accountNumber)).size;
}

export function rootName(root: WaitingRoot, language: Language): string {
  const { accountNumber, row } = root;
  if (row == null) return who(accountNumber);
  return `${capitalised(placeOf(root, language))} (${who(accountNumber)})`;
}

// Issues inside one list become one problem; so do equal issues of one column.
function recordFindings(
  issues: readonly OpleadIssue[],
  { issue, overview }: Language,
  columns: Readonly<Record<string, string>>,
  named: Naming,
): (Pick<Explained, "field" | "column" | "reason"> & Pick<OpleadIssue, "code">)[] {
  const found = new Map<string, OpleadIssue[]>();
  for (const one of issues) {
    const { path, code } = one;
    const list = listOf(path);
    const key = list === path ? `${columnOf(path, columns) ?? path} ${issue(one)}` : `${list} ${code}`;
    const known = found.get(key);
    if (!known) found.set(key, [one]);
    else if (list !== path) known.push(one);
  }
  return [...found.values()].map((same) => {
    const [first] = same as [OpleadIssue];
    const { path, code } = first;
    const column = columnOf(path, columns);
    const list = listOf(path);
    const values = same.slice(1).flatMap(({ parameters }) => {
      return "value" in parameters && typeof parameters.value === "string" ? [parameters.value] : [];
    });
    const more = same.length - 1;
    const text =
      more === 0 ? issue(first) : overview.and_more({ text: issue(first), more, values: values.slice(0, 5) });
    const name = column ?? named(more === 0 ? path : list);
    return { code, field: (more === 0 ? path : list) || undefined, column, reason: `${name} ${text}`.trimStart() };
  });
}

function columnOf(path: string, columns: Readonly<Record<string, string>>): string | undefined {
  return Object.hasOwn(columns, path) ? columns[path] : undefined;
}

function listOf(path: string): string {
  return path.replace(/\[\d+\].*$/, "");
}
