import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { issueAt } from "../../../base/issues.ts";
import { isRecord } from "../../../base/validation/is-object.ts";
import * as check from "../../../base/validation/validate.ts";
import { tellConfig } from "../../../locales/en/config.ts";
import { fileFailed, fileRefused, isText } from "../source.ts";

/** The newest of several files, where each export has a name of its own. */
export interface NewestFile {
  /**
   * A path whose file name has `*` or `?` in it: `"exports/export-*.csv"`. The newest is found by name: by the date in it, whichever way it is written
   * (`2026-01-31`, `20260131`, `31-01-2026`), else in natural order (`export-10` follows `export-9`). Names of partial files (`.part`, `.filepart`, `.tmp`, `~`) never match. A
   * path without `*` is a file whose age is checked.
   */
  readonly newest: string;
  /**
   * How many hours old the file may be: an older one is refused, because an export that stopped arriving looks like a night without changes. What counts is the time of its
   * last change or, if that is older, the end of the day in its name. Default: any age.
   */
  readonly maxAgeHours?: number | undefined;
}

/**
 * Whether a file is the newest of several.
 *
 * @throws {@link OpleadError} `invalid_options` if it is not named as it should be.
 */
export function isNewest(where: string, file: unknown): file is NewestFile {
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

/** A day as the names of exports write it, also in front of a time. */
const AFTER = String.raw`(?=\D|$|\d{4}(?:\d\d)?(?!\d))`;
const DAYS = [
  new RegExp(String.raw`(?<!\d)(?<year>20\d\d)([-_.]?)(?<month>0[1-9]|1[0-2])\2(?<day>0[1-9]|[12]\d|3[01])${AFTER}`),
  new RegExp(String.raw`(?<!\d)(?<day>0[1-9]|[12]\d|3[01])([-_.]?)(?<month>0[1-9]|1[0-2])\2(?<year>20\d\d)${AFTER}`),
];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Time after the beginning of a day in UTC at which that day is over in every time zone. */
const WHOLE_DAY_MS = 36 * HOUR_MS;

/**
 * The path of the newest file of a folder that matches a pattern.
 *
 * @throws {@link OpleadError} `source_failed`: there is none, it is too old, or which one is newest cannot be told.
 */
export async function findNewest(folder: string, pattern: string, maxAgeHours?: number): Promise<string> {
  const names = await matching(folder, pattern);
  const days = DAYS.map((form) => names.map((name) => dayOf(name, form)));
  const all = days.find((list) => list.every((day) => day !== undefined));
  const undated = all ? -1 : (days.find((list) => list.some((day) => day !== undefined))?.indexOf(undefined) ?? -1);
  if (undated >= 0)
    throw fileRefused(pattern, issueAt("", tellConfig("name_without_date", { file: names[undated] ?? "" })));
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
    throw fileRefused(name, issueAt("", tellConfig("file_of_the_future")));
  }
  const limitMs = (maxAgeHours ?? 0) * HOUR_MS;
  const isOldByName = day > 0 && now - day - WHOLE_DAY_MS > limitMs;
  if (isChecked && (isOldByName || now - changed > limitMs)) {
    const hours = Math.floor((now - (isOldByName ? Math.min(day, changed) : changed)) / HOUR_MS);
    throw fileRefused(name, issueAt("", tellConfig("file_too_old", { hours, maxAgeHours })), true);
  }
  return join(folder, name);
}

async function matching(folder: string, pattern: string): Promise<string[]> {
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  // An export in capitals must not be passed over.
  const form = new RegExp(`^${source}$`, "isu");
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw fileFailed(pattern, error);
  });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [] : entry.name));
  const found = names.filter((name) => form.test(name) && !PARTIAL.test(name));
  if (found.length > 0) return found;
  const partial = names.filter((name) => PARTIAL.test(name)).length;
  throw fileRefused(pattern, issueAt("", tellConfig("no_file_matches", { partial })), true);
}

async function changedAt(folder: string, name: string): Promise<number> {
  try {
    return (await stat(join(folder, name))).mtimeMs;
  } catch (error) {
    throw fileFailed(name, error);
  }
}

/** The day in a name, at its beginning in UTC. */
function dayOf(name: string, form: RegExp): number | undefined {
  const { year, month, day } = form.exec(name)?.groups ?? {};
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day));
}
