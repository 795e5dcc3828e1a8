import { issueAt } from "../../../base/issues.ts";
import { openRecords } from "../../../base/records.ts";
import { isIterable } from "../../../base/validation/is-object.ts";
import { tellRow } from "../../../locales/en/config.ts";
import type { SourceRequest, SyncSource } from "../../../sync/types/source.ts";
import type { RecordSource, Suspicions } from "../source.ts";

/** Whether a value can be one of several sources. */
export const isSource = (value: unknown): boolean => typeof value === "function" || isIterable(value);

/** The records that a source gives. */
export type RecordOf<Source> = Source extends SyncSource<infer SourceRecord> ? SourceRecord : never;

export interface OpenedPart<SourceRecord> {
  readonly title: string;
  readonly records: AsyncIterable<SourceRecord> | Iterable<SourceRecord>;
  /** Where a record is, counted from 0: `rh.csv row 12`, or `rh.json record 12` if it has no rows. */
  place(record: SourceRecord, at: number): string;
  /** Suspicions of the source, known once it was read. Each names its source, because a list is about several. */
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

/** Remembers where records are, as long as they are in use. */
export class Places {
  readonly #places = new WeakMap<object, string>();

  note(record: unknown, place: string): void {
    if (typeof record === "object" && record !== null) this.#places.set(record, place);
  }

  of(record: unknown): string | undefined {
    return typeof record === "object" && record !== null ? this.#places.get(record) : undefined;
  }
}
