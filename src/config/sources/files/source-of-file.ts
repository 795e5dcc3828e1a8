import { extname } from "node:path";
import { issueAt } from "../../../base/issues.ts";
import { tellConfig } from "../../../locales/en/config.ts";
import { jsonSource } from "../http/json.ts";
import { likenessOf } from "../likeness.ts";
import { at, type Place } from "../place.ts";
import { checkPath, fileRefused, type RecordSource } from "../source.ts";
import { csvSource } from "../tables/csv.ts";
import { excelSource } from "../tables/excel.ts";

const KINDS: Readonly<Record<string, "csv" | "excel" | "json">> = {
  ".csv": "csv",
  ".tsv": "csv",
  ".txt": "csv",
  ".xlsx": "excel",
  ".xlsm": "excel",
  ".json": "json",
  ".jsonl": "json",
  ".ndjson": "json",
};

/**
 * The records of a file in place of a source, for example yesterday's export to take back a bad run. The ending of the name says how it is read: as
 * {@link csvSource} (`.csv`, `.tsv`, `.txt`), {@link excelSource} (`.xlsx`, `.xlsm`) or {@link jsonSource} (`.json`, `.jsonl`, `.ndjson`).
 *
 * `usual`: the source in whose place it is read. Its options hold for the file where it is of the same kind, and `columns` for every table. In a
 * {@link joinSources} the file takes the place of the first source, and is joined with the other one. Otherwise `map` gets the records of the file
 * as they are: they must have the columns that it reads.
 *
 * ```ts
 * await syncUsers(oplead, { source: sourceOfFile("yesterday.csv"), sourceFile: "yesterday.csv", map, ledger });
 * ```
 *
 * @param file Path of the file. A relative path starts at the folder of the config file, or, outside the command, at the working directory.
 * @throws {@link OpleadError} `source_failed` for a name with another ending, and while it is read.
 */
export function sourceOfFile(file: string, usual?: unknown): RecordSource<unknown> {
  checkPath("sourceOfFile", "file", file);
  const { csv, excel, json, joined } = likenessOf(usual);
  if (joined) return joined.with(sourceOfFile(file, joined.main));
  const { columns } = csv ?? excel ?? {};
  switch (KINDS[extname(file).toLowerCase()]) {
    case "csv":
      return csvSource(file, csv ?? { columns });
    case "excel":
      return excelSource(file, excel ?? { columns });
    case "json":
      return jsonSource(file, { encoding: json?.encoding, items: json?.items && listOr(json.items) });
    default:
      throw fileRefused(file, issueAt("", tellConfig("other_file_kind", { endings: Object.keys(KINDS) })));
  }
}

/** Of an answer that was kept in a file, the list alone may have been kept. */
function listOr(items: Place<readonly unknown[], unknown>) {
  return (body: unknown) => (Array.isArray(body) ? body : at(body, items)) as readonly unknown[];
}
