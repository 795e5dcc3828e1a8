import { extname } from "node:path";
import { issueAt } from "../../core/issues.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { csvFiles } from "./csv.ts";
import { excelFiles } from "./excel.ts";
import { jsonFiles } from "./json.ts";
import { checkPath, type FileKind, likenessOf, type RecordSource, sourceRefused } from "./source.ts";

const FILE_KINDS: readonly FileKind[] = [csvFiles, excelFiles, jsonFiles];

/**
 * The records of a file in place of a source, for example yesterday's export to take back a bad run. Read by its
 * ending: as {@link csvSource} (`.csv`, `.tsv`, `.txt`), {@link excelSource} (`.xlsx`, `.xlsm`) or {@link jsonSource}
 * (`.json`, `.jsonl`, `.ndjson`). It must have the columns that `map` reads.
 *
 * `usual`: the source that it replaces. All its options apply to a file of the same kind, only `columns` to another
 * table. Of a {@link joinSources}, the first source is replaced.
 *
 * ```ts
 * const source = sourceOfFile("yesterday.csv");
 * await syncUsers(oplead, { source, map, ledger, advanced: { sourceFile: "yesterday.csv" } });
 * ```
 *
 * @param file Path. A relative one starts at the config file's folder, outside the command at the working directory.
 * @throws {@link OpleadError} `source_failed` for another ending, or a file that cannot be read.
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
