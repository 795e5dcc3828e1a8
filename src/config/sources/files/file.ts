import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { baseFolder } from "../../env.ts";
import { rowNumberOf } from "../row-number.ts";
import { checkPath, type RecordSource, recordSource, type Suspicions } from "../source.ts";
import { findNewest, isNewest, type NewestFile } from "./newest.ts";

/** Which file a source reads: a path, or the newest of several. */
export type SourceFile = string | URL | NewestFile;

/**
 * A source of the rows of one file. Which file is newest is looked up at each reading.
 *
 * @throws {@link OpleadError} `invalid_options` for something else than a file; its message begins with `where`.
 */
export function fileSource<Row>(
  where: string,
  file: SourceFile,
  read: (path: string, title: string, found: Suspicions) => AsyncIterable<Row>,
): RecordSource<Row> {
  const newest = isNewest(where, file) ? file : undefined;
  if (!newest) checkPath(where, "file", file);
  const place = newest?.newest ?? (file as string | URL);
  const path = place instanceof URL ? fileURLToPath(place) : resolve(baseFolder(), place);
  let title = basename(path);
  return recordSource({
    get title() {
      return title;
    },
    settings: [String(place)],
    rowOf: rowNumberOf,
    async *read(found) {
      const actual = newest ? await findNewest(dirname(path), basename(path), newest.maxAgeHours) : path;
      title = basename(actual);
      yield* read(actual, title, found);
    },
  });
}
