import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { GUARD_DEFAULTS, INCREMENTAL_DEFAULTS, LEAVER_DEFAULTS, SYNC_DEFAULTS } from "../../src/sync/read-options.ts";

function written(value: unknown) {
  if (Array.isArray(value)) return "Default: none";
  if (typeof value === "string") return `Default \`"${value}"\``;
  if (typeof value === "object") return "";
  return `Default ${typeof value === "number" ? value.toLocaleString("en") : String(value)}`;
}

const TABLES = {
  SyncOptions: SYNC_DEFAULTS,
  GuardOptions: GUARD_DEFAULTS,
  LeaverOptions: LEAVER_DEFAULTS,
  IncrementalOptions: INCREMENTAL_DEFAULTS,
};
const SOURCE = readFileSync(new URL("../../src/sync/types/options.ts", import.meta.url), "utf8");

function docstring(type: string, name: string) {
  const [, after = ""] = SOURCE.split(new RegExp(`\\nexport interface ${type}\\b`));
  const [before = ""] = after.split(new RegExp(`\\n {2}readonly ${name}\\?`));
  return before.slice(before.lastIndexOf("/**")).replace(/\s*\n\s*\*?\s*/g, " ");
}

it.each(Object.entries(TABLES))("the reference of %s names the same defaults as the code", (type, defaults) => {
  const wrong = Object.entries(defaults).filter(([name, value]) => !docstring(type, name).includes(written(value)));
  expect(wrong.map(([name]) => `${name}: ${docstring(type, name)}`)).toEqual([]);
});
