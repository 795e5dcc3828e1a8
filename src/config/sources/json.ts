import { basename, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { issueAt } from "../../core/issues.ts";
import * as check from "../../core/validate.ts";
import { parseJson } from "../../core/values.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { baseFolder } from "../config.ts";
import { textOf } from "./decode.ts";
import {
  at,
  type FetchJsonOptions,
  fetchKinds,
  itemsOf,
  type JsonPart,
  type JsonPlace,
  placeSchema,
} from "./fetch-json.ts";
import { restSource } from "./rest.ts";
import {
  checkPath,
  type FileKind,
  type RecordSource,
  readWhole,
  recordSource,
  sourceRefused,
  withLikeness,
} from "./source.ts";

/** Options of {@link jsonSource}. `headers`, `auth`, `timeoutMs` and `fetch` are for addresses. */
export interface JsonOptions<SourceRecord = unknown, Document = JsonPart> extends FetchJsonOptions {
  /** Place of the list of records: names with dots (`"data.users"`), or a function. Default: the whole document. */
  readonly items?: JsonPlace<readonly SourceRecord[], Document> | undefined;
}

const checkOptions = check.optionsCheck<JsonOptions<unknown, never>>("jsonSource", () =>
  check.options({ ...fetchKinds(), items: placeSchema() }),
);

/**
 * The records of a JSON file or of an address that gives all at once. A `.jsonl` or `.ndjson` file has one a line. An
 * integer that a JavaScript number cannot hold, such as a long id, becomes text.
 *
 * @param from Path or `http(s)` address. A relative path starts at the config file's folder, outside the command at the
 * working directory.
 * @throws {@link OpleadError} `source_failed`, while it is read.
 */
export function jsonSource<SourceRecord = unknown, Document = JsonPart>(
  from: string | URL,
  options: JsonOptions<SourceRecord, Document> = {},
): RecordSource<SourceRecord> {
  checkPath("jsonSource", "from", from);
  checkOptions(options as JsonOptions<unknown, never>);
  const text = String(from);
  if (/^https?:/i.test(text)) return restSource({ ...options, url: text, next: () => undefined });
  const path = /^file:/i.test(text) ? fileURLToPath(text) : resolve(baseFolder(), text);
  const title = basename(path);
  const isLines = /\.(?:jsonl|ndjson)$/i.test(path);
  const source = recordSource<SourceRecord>({
    title,
    settings: [text],
    read: () => (isLines ? readLines : readDocument)(path, title, options as JsonOptions<unknown, unknown>),
  });
  const { items, encoding } = options as JsonOptions<unknown, unknown>;
  return withLikeness(source, { kind: "json", options: { items, encoding } });
}

export const jsonFiles: FileKind = {
  kind: "json",
  endings: [".json", ".jsonl", ".ndjson"],
  read(file, { kind, options }) {
    const { encoding, items }: JsonOptions<unknown, unknown> = (kind === "json" && options) || {};
    return jsonSource(file, { encoding, items: items && listOr(items) });
  },
};

// A file may hold only the list of a saved answer.
function listOr(items: JsonPlace<readonly unknown[], unknown>) {
  return (body: unknown) => (Array.isArray(body) ? body : at(body, items)) as readonly unknown[];
}

async function* readDocument<SourceRecord>(
  path: string,
  title: string,
  { items, encoding }: JsonOptions<unknown, unknown>,
): AsyncGenerator<SourceRecord> {
  const text = [...(await textOf(await readWhole(path, title), title, encoding))].join("");
  yield* itemsOf(title, parse(text, title), items as JsonPlace<unknown, unknown>) as SourceRecord[];
}

async function* readLines<SourceRecord>(
  path: string,
  title: string,
  { encoding }: JsonOptions<unknown, unknown>,
): AsyncGenerator<SourceRecord> {
  let number = 0;
  let rest = "";
  const record = (line: string): SourceRecord[] => {
    number += 1;
    return line.trim() === "" ? [] : [parse(line, title, number) as SourceRecord];
  };
  for (const piece of await textOf(await readWhole(path, title), title, encoding)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield* record(line);
    // Timers and sockets run first; otherwise they wait until the end of the file.
    await setImmediate();
  }
  yield* record(rest);
}

// The parser's error quotes the text, perhaps personal data.
function parse(text: string, title: string, line?: number | undefined): unknown {
  try {
    return parseJson(text);
  } catch {
    throw sourceRefused(title, issueAt("", tellConfig("file_not_json", { line })));
  }
}
