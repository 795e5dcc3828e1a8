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

/** Column names of a record's type; any name if it has none. */
export type ColumnOf<SourceRecord> = unknown extends SourceRecord ? string : keyof SourceRecord & string;

/** Options of {@link joinSources}. */
export interface JoinOptions<Main, Partner, As extends string = string> {
  /** Source of partners, read first, as a whole, and kept in memory. */
  readonly with: SyncSource<Partner>;
  /**
   * Column of the key in both sources, or a pair: `["agency", "code"]` for `agency` of the main source and `code` of
   * the partners.
   */
  readonly on: (ColumnOf<Main> & ColumnOf<Partner>) | readonly [ours: ColumnOf<Main>, theirs: ColumnOf<Partner>];
  /**
   * Name of the partner in a record: `"agency"` puts it at `row.agency`. The main source must not have such a column.
   */
  readonly as: As;
  /**
   * A record without a partner. `"keep"`: the partner is undefined. `"report"`: using it in `map` throws, so the record
   * is reported as invalid. Default `"keep"`.
   */
  readonly unmatched?: "keep" | "report" | undefined;
  /**
   * Allows a source of partners without records. If false, the run fails, because every record would lose its partner.
   * Default false.
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
 * A record with its partner. For a CSV file give `columns`: without it, TypeScript takes every field for text, also the
 * partner.
 */
export type JoinedRecord<Main, Partner, As extends string> = Main & { readonly [Name in As]: Partner };

/**
 * The records of a source, each with its partner: the record of another source with the same key. For example people
 * from HR, with their agency at `row.agency`.
 *
 * Keys are compared as exact, trimmed text; an empty key has no partner. Keys that differ by leading zeros (`"0123"`,
 * `"123"`) do not match, and a warning tells. Partners with one key make `map` throw: the record is invalid, with their
 * places.
 *
 * Messages keep the place of a record: `"rh.csv row 12"`. If a run asks only for changes, a record of which only the
 * partner changed arrives with the next full reading.
 *
 * @throws {@link OpleadError} `invalid_options`; while it is read, `source_failed`: a source fails, there are no
 * partners, or no record of a source has the key's column.
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
  // Such as lost zeros; already reported by its source.
  suspected?: readonly OpleadIssue[];
}

async function readPartners<Partner>(
  source: SyncSource<Partner>,
  column: string,
  fallback: string,
  { lookbackMs }: SourceRequest,
) {
  // Always read as a whole: an unchanged partner may belong to a changed record.
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

// Undefined for a record that cannot be read: `map` fails, and the plan reports it.
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

// Getters stay getters: those of a damaged row may throw only when `map` reads them.
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

export const isSource = (value: unknown): boolean => typeof value === "function" || isIterable(value);

/** The type of a source's records. */
export type RecordOf<Source> = Source extends SyncSource<infer SourceRecord> ? SourceRecord : never;

interface OpenedPart<SourceRecord> {
  readonly title: string;
  readonly records: AsyncIterable<SourceRecord> | Iterable<SourceRecord>;
  // `rh.csv row 12`, or `rh.json record 12` without rows. `at`: from 0.
  place(record: SourceRecord, at: number): string;
  // Names the source: reports of several go into one list.
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

// Weak: a place lives as long as its record.
export class Places {
  readonly #places = new WeakMap<object, string>();

  note(record: unknown, place: string): void {
    if (typeof record === "object" && record !== null) this.#places.set(record, place);
  }

  of(record: unknown): string | undefined {
    return typeof record === "object" && record !== null ? this.#places.get(record) : undefined;
  }
}
