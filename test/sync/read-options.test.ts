import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SYNC_DEFAULTS } from "../../src/sync/read-options.ts";

/** How a docstring writes a default; empty for an object, whose fields have their own. */
function written(value: unknown): string {
  if (Array.isArray(value)) return "Default: none";
  if (typeof value === "string") return `Default \`"${value}"\``;
  if (typeof value === "object") return "";
  return `Default ${typeof value === "number" ? value.toLocaleString("en") : String(value)}`;
}

it("the reference of planSync names each default as the code has it", () => {
  const source = readFileSync(new URL("../../src/sync/types/options.ts", import.meta.url), "utf8");
  const docstring = (name: string): string => {
    const [before = ""] = source.split(new RegExp(`\\n {2}readonly ${name}\\?`));
    return before.slice(before.lastIndexOf("/**")).replace(/\s*\n\s*\*?\s*/g, " ");
  };
  const wrong = Object.entries(SYNC_DEFAULTS).filter(([name, value]) => !docstring(name).includes(written(value)));
  expect(wrong.map(([name]) => `${name}: ${docstring(name)}`)).toEqual([]);
  expect(docstring("heldRetryAfterMs")).toContain("Default 604,800,000 (7 days).");
});
