import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const STARTS_PROCESSES = /support\/(?:command|redis-server|killed)\.ts"/;

const HAS_LONG_FORM = /support\/long-form\.ts"/;

// Each takes half a second, so the slow suite runs them.
export function processTests(): string[] {
  return testsThatImport(STARTS_PROCESSES);
}

export function longForms(): string[] {
  return testsThatImport(HAS_LONG_FORM);
}

function testsThatImport(what: RegExp): string[] {
  return readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts") && !/\/(?:slow|node_modules|consumers)\//.test(path))
    .filter((path) => what.test(readFileSync(`${root}${path}`, "utf8")));
}
