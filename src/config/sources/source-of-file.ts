import { extname } from "node:path";
import { issueAt } from "../../core/issues.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { csvFiles } from "./csv.ts";
import { excelFiles } from "./excel.ts";
import { jsonFiles } from "./json.ts";
import { checkPath, type FileKind, fileRefused, likenessOf, type RecordSource } from "./source.ts";

/** Every kind of file. */
const FILE_KINDS: readonly FileKind[] = [csvFiles, excelFiles, jsonFiles];

/**
 * The records of a file in place of a source, for example yesterday's export to take back a bad run. The ending of the name says how it is read: as
 * {@link csvSource} (`.csv`, `.tsv`, `.txt`), {@link excelSource} (`.xlsx`, `.xlsm`) or {@link jsonSource} (`.json`, `.jsonl`, `.ndjson`).
 *
 * `usual`: the source that the file replaces. If the file is of the same kind, all options of the source hold for it; `columns` holds for every table.
 * If the source is a {@link joinSources}, the file replaces the first source and is joined with the other one. Otherwise `map` gets the records of the
 * file as they are, so they must have the columns that it reads.
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
  const likeness = likenessOf(usual);
  const { joined } = likeness;
  if (joined) return joined.with(sourceOfFile(file, joined.main));
  const ending = extname(file).toLowerCase();
  const found = FILE_KINDS.find(({ endings }) => endings.includes(ending));
  if (found) return found.read(file, likeness);
  const endings = FILE_KINDS.flatMap((kind) => kind.endings);
  throw fileRefused(file, issueAt("", tellConfig("other_file_kind", { endings })));
}
