import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { issueAt } from "../../core/issues.ts";
import * as check from "../../core/validate.ts";
import { isRecord } from "../../core/values.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { baseFolder } from "../config.ts";
import {
  checkPath,
  fileFailed,
  isText,
  type RecordSource,
  recordSource,
  rowNumberOf,
  type Suspicions,
  sourceRefused,
} from "./source.ts";

/** The newest of several exports, each with a name of its own. */
export interface NewestFile {
  /**
   * A path with `*` or `?` in its file name: `"exports/export-*.csv"`. Newest by the date in the name (`2026-01-31`,
   * `20260131`, `31-01-2026`), else by natural order (`export-10` follows `export-9`). Partial files (`.part`,
   * `.filepart`, `.tmp`, `~`) never match. Without `*` or `?`, one file, of which only the age is checked.
   */
  readonly newest: string;
  /**
   * Age limit in hours, from the last change or the end of the day in the name, whichever is earlier. An older file is
   * refused: if exports stop, runs would find no changes and report nothing. Default: any age.
   */
  readonly maxAgeHours?: number | undefined;
}

/** The file of a source: a path, or the newest of several. */
export type SourceFile = string | URL | NewestFile;

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
  let changedAt: number | undefined;
  return recordSource({
    get title() {
      return title;
    },
    settings: [String(place)],
    rowOf: rowNumberOf,
    changedAt: () => changedAt,
    async *read(found) {
      const actual = newest ? await findNewest(dirname(path), basename(path), newest.maxAgeHours) : path;
      title = basename(actual);
      changedAt = (await stat(actual).catch(() => undefined))?.mtimeMs;
      yield* read(actual, title, found);
    },
  });
}

function isNewest(where: string, file: unknown): file is NewestFile {
  if (!isRecord(file) || !("newest" in file)) return false;
  check.requireNoIssues(`${where}: wrong options`, findNewestIssues(file));
  return true;
}

const findNewestIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<NewestFile>(
    { maxAgeHours: check.number(0.01, 1_000_000) },
    { newest: check.valueThat((value) => isText(value) && !/[*?].*[\\/]/.test(value), tellConfig("not_pattern")) },
  ),
);

const PARTIAL = /^(?:\.|~\$)|(?:~|\.(?:part|partial|filepart|crdownload|download|te?mp|swp))$/i;

// Behind a day in a file name: no digit, or a time of day.
const AFTER = String.raw`(?=\D|$|\d{4}(?:\d\d)?(?!\d))`;
const DAYS = [
  new RegExp(String.raw`(?<!\d)(?<year>20\d\d)([-_.]?)(?<month>0[1-9]|1[0-2])\2(?<day>0[1-9]|[12]\d|3[01])${AFTER}`),
  new RegExp(String.raw`(?<!\d)(?<day>0[1-9]|[12]\d|3[01])([-_.]?)(?<month>0[1-9]|1[0-2])\2(?<year>20\d\d)${AFTER}`),
];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

// From a day's start in UTC until it is over in every time zone.
const WHOLE_DAY_MS = 36 * HOUR_MS;

async function findNewest(folder: string, pattern: string, maxAgeHours?: number): Promise<string> {
  const names = await matching(folder, pattern);
  const days = DAYS.map((form) => names.map((name) => dayOf(name, form)));
  const all = days.find((list) => list.every((day) => day !== undefined));
  const undated = all ? -1 : (days.find((list) => list.some((day) => day !== undefined))?.indexOf(undefined) ?? -1);
  if (undated >= 0)
    throw sourceRefused(pattern, issueAt("", tellConfig("name_without_date", { file: names[undated] ?? "" })));
  const { compare } = new Intl.Collator("en", { numeric: true });
  const files = names.map((name, index) => ({ name, day: all?.[index] ?? 0 }));
  files.sort((a, b) => b.day - a.day || compare(b.name, a.name));
  const tied = files.filter(({ name, day }) => day === files[0]?.day && compare(name, files[0].name) === 0);
  const timed = await Promise.all(tied.map(async (file) => ({ ...file, changed: await changedAt(folder, file.name) })));
  timed.sort((a, b) => b.changed - a.changed || (a.name < b.name ? 1 : -1));
  const [{ name, day, changed }] = timed as [{ name: string; day: number; changed: number }];
  const now = Date.now();
  const isChecked = maxAgeHours !== undefined;
  if (day > now + DAY_MS || (isChecked && changed > now + DAY_MS)) {
    throw sourceRefused(name, issueAt("", tellConfig("file_of_the_future")));
  }
  const limitMs = (maxAgeHours ?? 0) * HOUR_MS;
  const isOldByName = day > 0 && now - day - WHOLE_DAY_MS > limitMs;
  if (isChecked && (isOldByName || now - changed > limitMs)) {
    const hours = Math.floor((now - (isOldByName ? Math.min(day, changed) : changed)) / HOUR_MS);
    throw sourceRefused(name, issueAt("", tellConfig("file_too_old", { hours, maxAgeHours })), true);
  }
  return join(folder, name);
}

async function matching(folder: string, pattern: string): Promise<string[]> {
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  // An export's name may be in capitals.
  const form = new RegExp(`^${source}$`, "isu");
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw fileFailed(pattern, error);
  });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [] : entry.name));
  const found = names.filter((name) => form.test(name) && !PARTIAL.test(name));
  if (found.length > 0) return found;
  const partial = names.filter((name) => PARTIAL.test(name)).length;
  throw sourceRefused(pattern, issueAt("", tellConfig("no_file_matches", { partial })), true);
}

async function changedAt(folder: string, name: string): Promise<number> {
  try {
    return (await stat(join(folder, name))).mtimeMs;
  } catch (error) {
    throw fileFailed(name, error);
  }
}

function dayOf(name: string, form: RegExp): number | undefined {
  const { year, month, day } = form.exec(name)?.groups ?? {};
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day));
}

const HEAD = 1024;

// Excel files before 2007, and workbooks with a password.
const COMPOUND = Buffer.from("d0cf11e0a1b11ae1", "hex");

// HTML and XML, which some programs name `.xls` and Excel opens.
const MARKUP = /^\s*<(?:!doctype|!--|\?xml|html|head|meta|body|table|style|div|workbook)/i;

export function refuseOtherKinds(bytes: Buffer, title: string, reader: "csvSource" | "excelSource"): void {
  const isZip = bytes.subarray(0, 2).toString("latin1") === "PK" && (bytes[2] ?? 0) < 9;
  if (bytes.subarray(0, COMPOUND.length).equals(COMPOUND)) {
    const isProtected = bytes.includes(Buffer.from("EncryptedPackage", "utf16le"));
    throw sourceRefused(title, issueAt("", tellConfig(isProtected ? "workbook_with_password" : "old_workbook")));
  }
  // Without zero bytes UTF-16 looks like ASCII.
  const head = bytes
    .subarray(0, HEAD)
    .toString("latin1")
    .replace(/\0|^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/g, "");
  if (MARKUP.test(head)) throw sourceRefused(title, issueAt("", tellConfig("markup_as_table")));
  if (reader === "csvSource" && isZip)
    throw sourceRefused(title, issueAt("", tellConfig(bytes.includes("xl/") ? "is_workbook" : "is_zip")));
  if (reader === "excelSource" && !isZip && bytes.length > 0)
    throw sourceRefused(title, issueAt("", tellConfig("is_no_workbook")));
}
