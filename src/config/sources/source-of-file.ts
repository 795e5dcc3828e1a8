import { extname } from "node:path";
import { issueAt } from "../../core/issues.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { csvFiles } from "./csv.ts";
import { excelFiles } from "./excel.ts";
import { jsonFiles } from "./json.ts";
import { checkPath, type FileKind, likenessOf, type RecordSource, sourceRefused } from "./source.ts";

/** All kinds of files that can be read. */
const FILE_KINDS: readonly FileKind[] = [csvFiles, excelFiles, jsonFiles];

/**
 * The records of a file in place of a source, for example yesterday's export to take back a bad run. The ending of the
 * file's name decides how it is read: like {@link csvSource} (`.csv`, `.tsv`, `.txt`), {@link excelSource} (`.xlsx`,
 * `.xlsm`) or {@link jsonSource} (`.json`, `.jsonl`, `.ndjson`).
 *
 * `usual`: the source that the file replaces. If that source reads files of the same kind, the file is read with all
 * its options. If that source reads a different kind of table, only its option `columns` is used. If it is a
 * {@link joinSources}, the file replaces the first source of the join. `map` gets the records of the file, so they must
 * have the columns that `map` reads.
 *
 * ```ts
 * await syncUsers(oplead, { source: sourceOfFile("yesterday.csv"), sourceFile: "yesterday.csv", map, ledger });
 * ```
 *
 * @param file Path of the file. A relative path starts at the folder of the config file, or, outside the command, at
 * the working directory.
 * @throws {@link OpleadError} `source_failed` for a name with another ending, and if the file cannot be read.
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
  throw sourceRefused(file, issueAt("", tellConfig("other_file_kind", { endings })));
}
