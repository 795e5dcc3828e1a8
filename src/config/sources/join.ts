import { invalid } from "../../core/errors.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import * as check from "../../core/validate.ts";
import { EVERYTHING, isIterable, openRecords } from "../../core/values.ts";
import { tellConfig, tellRow } from "../../locales/en/config.ts";
import { tellValue } from "../../locales/en/core.ts";
import type { SourceRequest, SyncSource } from "../../sync/types/options.ts";
import {
  firstOf,
  isText,
  type RecordSource,
  recordSource,
  type Suspicions,
  settingsOf,
  sourceRefused,
  withLikeness,
} from "./source.ts";

/** The column names in the type of a record. If the type has no names, any name is accepted. */
export type ColumnOf<SourceRecord> = unknown extends SourceRecord ? string : keyof SourceRecord & string;

/** Options of {@link joinSources}. */
export interface JoinOptions<Main, Partner, As extends string = string> {
  /** The source in which partners are looked up. It is read before the main source, as a whole, and kept in memory. */
  readonly with: SyncSource<Partner>;
  /**
   * The column with the key, if it has the same name in both sources; otherwise a pair of names: `["agency", "code"]`
   * for the column `agency` of the main source and the column `code` of the source of partners.
   */
  readonly on: (ColumnOf<Main> & ColumnOf<Partner>) | readonly [ours: ColumnOf<Main>, theirs: ColumnOf<Partner>];
  /**
   * The name of the partner in a record: `"agency"` puts it at `row.agency`. The main source must not have a column of
   * this name.
   */
  readonly as: As;
  /**
   * What happens to a record without a partner. `"keep"`: its partner is undefined. `"report"`: using the partner in
   * `map` throws, so this record is reported as invalid. Default `"keep"`.
   */
  readonly unmatched?: "keep" | "report" | undefined;
  /**
   * Allows the source of partners to be empty. If false, the run fails when that source is empty, because every record
   * would lose its partner. Default false.
   */
  readonly allowEmpty?: boolean | undefined;
}

interface Described extends JoinOptions<unknown, unknown> {
  readonly main: SyncSource<unknown>;
}

const isColumns = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.length === 2 && value.every(isText));

const checkOptions = check.optionsCheck<Described>("joinSources", () => {
  const source = check.valueThat(isSource, tellConfig("not_one_source"));
  return check.options<Described>(
    { unmatched: check.oneOf("keep", "report"), allowEmpty: check.boolean() },
    {
      main: source,
      with: source,
      on: check.valueThat(isColumns, tellConfig("not_columns")),
      as: check.valueThat(isText, tellValue("not_text")),
    },
  );
});

/**
 * A record with its partner. For a CSV file, give the option `columns`: without it, TypeScript takes every field of the
 * record for a text, also the partner.
 */
export type JoinedRecord<Main, Partner, As extends string> = Main & { readonly [Name in As]: Partner };

/**
 * The records of a source, each with its partner: the record of another source that has the same key. For example, the
 * records are people from HR, and `row.agency` is the record of their agency in another file.
 *
 * Keys are compared as exact text without white space around it; a number is compared as its digits, and an empty key
 * has no partner. Keys that differ only by leading zeros (`"0123"` and `"123"`) do not match, and a warning points them
 * out. If several records of the other source have the same key, using such a partner in `map` throws. So the record is
 * reported as invalid, with the places of all these partners.
 *
 * Messages still name the place of a record: `"rh.csv row 12"`. The other source is always read as a whole. If a run
 * asks the main source only for changes, a record of which only the partner has changed is not among them. Such a
 * change arrives with the next full reading.
 *
 * @throws {@link OpleadError} `invalid_options`; when the joined source is read, `source_failed`: one of the two
 * sources fails, the other source is empty, or no record of one of the two sources has the column of the key.
 */
export function joinSources<Main, Partner, const As extends string>(
  main: SyncSource<Main>,
  options: JoinOptions<Main, Partner, As> & { readonly unmatched: "report" },
): RecordSource<JoinedRecord<Main, Partner, As>>;
export function joinSources<Main, Partner, const As extends string>(
  main: SyncSource<Main>,
  options: JoinOptions<Main, Partner, As>,
): RecordSource<JoinedRecord<Main, Partner | undefined, As>>;
export function joinSources<Main, Partner, const As extends string>(
  main: SyncSource<Main>,
  options: JoinOptions<Main, Partner, As>,
): RecordSource<JoinedRecord<Main, Partner | undefined, As>> {
  type Joined = JoinedRecord<Main, Partner | undefined, As>;
  checkOptions({ ...(options as JoinOptions<unknown, unknown>), main });
  const { with: other, on, as, unmatched = "keep", allowEmpty = false } = options;
  const [ours, theirs] = typeof on === "string" ? [on, on] : (on as readonly [string, string]);
  const [mainTitle, otherTitle] = [titleOfPart(main, "source 1"), titleOfPart(other, "source 2")];
  const places = new Places();
  const source = recordSource<Joined>({
    title: `${mainTitle} + ${otherTitle}`,
    settings: [...settingsOf(main), ...settingsOf(other)],
    rowOf: (record) => places.of(record),
    async *read(found, request) {
      const { warn, suspect } = found;
      const partners = await readPartners(other, theirs, otherTitle, request);
      if (partners.count === 0 && !allowEmpty) {
        throw sourceRefused(partners.title, tellConfig("partners_empty", { main: mainTitle }));
      }
      for (const warning of partners.warnings) warn(warning);
      const about = { title: partners.title, column: theirs };
      const part = await openPart(main, request, mainTitle);
      const lostZero: string[] = [];
      const counts = { records: 0, matched: 0, withColumn: 0 };
      for await (const record of part.records) {
        const at = counts.records;
        counts.records += 1;
        const place = part.place(record, at);
        if (typeof record !== "object" || record === null) throw sourceRefused(place, tellConfig("no_columns"));
        if (as in record) throw sourceRefused(part.title, tellConfig("name_taken", { name: as }));
        if (ours in record) counts.withColumn += 1;
        const key = keyOf(record, ours);
        const matches = key === undefined ? [] : (partners.byKey.get(key) ?? []);
        const hasLostZero = matches.length === 0 && key !== undefined && partners.withoutZeros.has(withoutZeros(key));
        if (matches.length > 0) counts.matched += 1;
        if (hasLostZero) lostZero.push(place);
        const missing =
          key === undefined
            ? issueAt(ours, tellRow("no_partner_key", { column: ours }))
            : issueAt(as, tellRow("no_partner", { ...about, zero: hasLostZero }));
        const problem =
          matches.length > 1
            ? issueAt(as, tellRow("partner_twice", { ...about, places: matches.map((match) => match.place) }))
            : matches.length === 0 && unmatched === "report"
              ? missing
              : undefined;
        if (hasLostZero && !problem) suspect(at, missing);
        for (const damage of matches[0]?.suspected ?? []) suspect(at, damage);
        const joined = withPartner(record, as, place, matches[0]?.record, problem) as Joined;
        places.note(joined, place);
        yield joined;
      }
      part.tell(found);
      if (counts.records > 0 && counts.withColumn === 0)
        throw sourceRefused(part.title, tellConfig("column_absent", { column: ours }));
      if (lostZero.length > 0) {
        const { first, more } = firstOf(lostZero);
        warn(issueAt(ours, tellConfig("partners_lost_zero", { title: partners.title, places: first, more })));
      } else if (counts.records > 0 && counts.matched === 0)
        warn(issueAt(ours, tellConfig("no_partners", { ...about, column: ours, records: counts.records })));
    },
  });
  const joined = { main, with: (instead: RecordSource<unknown>) => joinSources(instead as SyncSource<Main>, options) };
  return withLikeness(source, { joined });
}

interface Match<Partner> {
  readonly record: Partner;
  readonly place: string;
  /** Suspected damage in this record, such as lost zeros. The source of the record has reported it. */
  suspected?: readonly OpleadIssue[];
}

async function readPartners<Partner>(
  source: SyncSource<Partner>,
  column: string,
  fallback: string,
  { lookbackMs }: SourceRequest,
) {
  // The source of partners is read completely, because a partner that did not change may belong to a record that
  // changed.
  const part = await openPart(source, { ...EVERYTHING, lookbackMs }, fallback);
  const { title } = part;
  const all: Match<Partner>[] = [];
  const byKey = new Map<string, Match<Partner>[]>();
  let hasColumn = false;
  for await (const record of part.records) {
    const match = { record, place: part.place(record, all.length) };
    all.push(match);
    hasColumn ||= column in Object(record);
    const key = keyOf(record, column);
    if (key === undefined) continue;
    const others = byKey.get(key);
    if (others) others.push(match);
    else byKey.set(key, [match]);
  }
  if (all.length > 0 && !hasColumn) throw sourceRefused(title, tellConfig("column_absent", { column }));
  const warnings: OpleadIssue[] = [];
  part.tell({
    warn: (warning) => warnings.push(warning),
    suspect(at, { path, code, message }) {
      const match = all[at];
      if (match)
        match.suspected = [...(match.suspected ?? []), issueAt(path, tellRow("in_source", { title, code, message }))];
    },
  });
  const twice = [...byKey.values()].filter((matches) => matches.length > 1);
  if (twice.length > 0) {
    const { first, more } = firstOf(twice.map((matches) => matches.map(({ place }) => place).join(" and ")));
    warnings.push(issueAt(column, tellConfig("keys_twice", { column, places: first, more })));
  }
  return { title, count: all.length, byKey, withoutZeros: new Set([...byKey.keys()].map(withoutZeros)), warnings };
}

/**
 * The key of a record, as text; undefined if it has no key or cannot be read. For a record that cannot be read, `map`
 * fails and the plan reports the record.
 */
function keyOf(record: unknown, column: string): string | undefined {
  try {
    const value = (record as Record<string, unknown>)[column];
    return typeof value === "string" || typeof value === "number" ? String(value).trim() || undefined : undefined;
  } catch {
    return undefined;
  }
}

function withoutZeros(key: string): string {
  return /^\d+$/.test(key) ? key.replace(/^0+(?=\d)/, "") : key;
}

/**
 * A copy of a record with its partner. Getters are copied as getters: those of a damaged row throw, and must do so only
 * when `map` reads them.
 */
function withPartner(
  record: object,
  as: string,
  place: string,
  partner: unknown,
  problem: OpleadIssue | undefined,
): object {
  const joined = Object.create(Object.getPrototypeOf(record), Object.getOwnPropertyDescriptors(record)) as object;
  const refuse = (): never => {
    throw invalid("invalid_input", place, problem ? [problem] : []);
  };
  return Object.defineProperty(joined, as, { enumerable: true, ...(problem ? { get: refuse } : { value: partner }) });
}

/** Whether a value can be a source of `concatSources` or `joinSources`. */
export const isSource = (value: unknown): boolean => typeof value === "function" || isIterable(value);

/** The type of a source's records. */
export type RecordOf<Source> = Source extends SyncSource<infer SourceRecord> ? SourceRecord : never;

interface OpenedPart<SourceRecord> {
  readonly title: string;
  readonly records: AsyncIterable<SourceRecord> | Iterable<SourceRecord>;
  /**
   * The place of a record: `rh.csv row 12`, or `rh.json record 12` if the source has no rows. `at`: the number of the
   * record, counted from 0.
   */
  place(record: SourceRecord, at: number): string;
  /**
   * Reports the damage that a source suspects in its records, after it has been read. Each report names the source,
   * because the reports of several sources go into one list.
   */
  tell(found: Suspicions): void;
}

export function titleOfPart(source: unknown, fallback: string): string {
  const { title } = Object(source) as { title?: unknown };
  return typeof title === "string" ? title : fallback;
}

export async function openPart<SourceRecord>(
  source: SyncSource<SourceRecord>,
  request: SourceRequest,
  fallback: string,
): Promise<OpenedPart<SourceRecord>> {
  const { records, source: opened } = await openRecords<SourceRecord>(source, request);
  const told = opened as Partial<RecordSource<SourceRecord>>;
  const title = titleOfPart(told, fallback);
  return {
    title,
    records,
    place(record, at) {
      const row = told.rowOf?.(record);
      return typeof row === "string" ? row : row === undefined ? `${title} record ${at + 1}` : `${title} row ${row}`;
    },
    tell({ warn, suspect }) {
      for (const warning of told.warnings?.() ?? []) {
        const { code, message } = warning;
        warn(code === "in_source" ? warning : issueAt(warning.path, tellRow("in_source", { title, code, message })));
      }
      for (const { record, issue } of told.suspected?.() ?? []) suspect(record, issue);
    },
  };
}

/** Remembers where records come from, such as `rh.csv row 12`, as long as the records are in use. */
export class Places {
  readonly #places = new WeakMap<object, string>();

  note(record: unknown, place: string): void {
    if (typeof record === "object" && record !== null) this.#places.set(record, place);
  }

  of(record: unknown): string | undefined {
    return typeof record === "object" && record !== null ? this.#places.get(record) : undefined;
  }
}
