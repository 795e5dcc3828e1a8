/** Statements that a source may make about its records. Each is optional: a source may be a plain list. */
export interface Telling {
  readonly title?: string;
  readonly rowOf?: (record: never) => number | string | undefined;
  readonly noteUser?: (record: unknown, made: object) => void;
  readonly columns?: () => Readonly<Record<string, string>>;
}

/** A function that gives records, or another such function in its turn: `({ since }) => restSource({ … })`. */
type Opening = (request: unknown) => unknown;

/** Opens a source: its records, and the source itself or the last one that it led to, which may say more about them. */
export async function openRecords<SourceRecord>(
  source: unknown,
  request: unknown,
): Promise<{
  readonly records: Iterable<SourceRecord> | AsyncIterable<SourceRecord>;
  readonly source: Telling;
}> {
  let last = source;
  let records = source;
  while (typeof records === "function") {
    last = records;
    records = await (records as Opening)(request);
  }
  return { records: records as AsyncIterable<SourceRecord>, source: last as Telling };
}

/** Asks a source for all its records. */
export const EVERYTHING = { since: undefined, lookbackMs: 0 };
