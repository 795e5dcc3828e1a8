import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { baseFolder } from "../../env.ts";
import { itemsOf, type JsonPart, type Place } from "../place.ts";
import { checkJsonOptions, checkPath } from "../read-options.ts";
import { fileFailed, fileRefused, issue, type RecordSource, readWhole, recordSource } from "../source.ts";
import type { FetchJsonOptions } from "./fetch-json.ts";
import { restSource } from "./rest.ts";

/** Options of {@link jsonSource}. `headers`, `timeoutMs` and `fetch` are for addresses. */
export interface JsonOptions<SourceRecord = unknown, Document = JsonPart> extends FetchJsonOptions {
  /** Where the list of records is: a place with dots (`"data.users"`), or a function. Default: the whole document. */
  readonly items?: Place<readonly SourceRecord[], Document> | undefined;
}

/**
 * The records of a JSON document: a file, or an address that answers all records at once. A file whose name ends in
 * `.jsonl` or `.ndjson` holds one record in each line.
 *
 * @param from Path or `http(s)` address. A relative path starts at the folder of the config file, or, outside the
 * command, at the working directory.
 * @throws {@link OpleadError} `source_failed`, while it is read.
 */
export function jsonSource<SourceRecord = unknown, Document = JsonPart>(
  from: string | URL,
  options: JsonOptions<SourceRecord, Document> = {},
): RecordSource<SourceRecord> {
  checkPath("jsonSource", "from", from);
  checkJsonOptions(options);
  const text = String(from);
  if (/^https?:/i.test(text)) return restSource({ ...options, url: text, next: () => undefined });
  const path = /^file:/i.test(text) ? fileURLToPath(text) : resolve(baseFolder(), text);
  const title = basename(path);
  const isLines = /\.(?:jsonl|ndjson)$/i.test(path);
  return recordSource({
    title,
    settings: [text],
    read: () =>
      isLines ? readLines(path, title) : readDocument(path, title, options.items as Place<unknown, unknown>),
  });
}

async function* readDocument<SourceRecord>(
  path: string,
  title: string,
  items: Place<unknown, unknown> | undefined,
): AsyncGenerator<SourceRecord> {
  const text = (await readWhole(path, title)).toString().replace(/^\ufeff/, "");
  yield* itemsOf(title, parse(text, title), items) as SourceRecord[];
}

async function* readLines<SourceRecord>(path: string, title: string): AsyncGenerator<SourceRecord> {
  // Loaded now: most configs read something else.
  const [{ createReadStream }, { createInterface }] = await Promise.all([import("node:fs"), import("node:readline")]);
  const stream = createReadStream(path, "utf8");
  let number = 0;
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      const text = line.replace(/^\ufeff/, "");
      if (text.trim() !== "") yield parse(text, title, number) as SourceRecord;
    }
  } catch (error) {
    throw typeof (error as { syscall?: unknown }).syscall === "string" ? fileFailed(title, error) : error;
  } finally {
    stream.destroy();
  }
}

/** The parser's own words quote the text. */
function parse(text: string, title: string, line?: number | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fileRefused(title, issue("", "file_not_json", { line }));
  }
}
