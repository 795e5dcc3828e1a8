/** For the configurations of vitest. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Starts the command, Redis, or a run that is killed. */
const STARTS_PROCESSES = /support\/(?:command|redis-server|killed)\.ts"/;

/** The tests beside the slow ones that start processes. Each takes half a second, so the slow suite runs them. */
export function processTests(): string[] {
  return readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts") && !/\/(?:slow|node_modules|consumers)\//.test(path))
    .filter((path) => STARTS_PROCESSES.test(readFileSync(`${root}${path}`, "utf8")));
}
