/** For the configurations of vitest. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The tests beside the slow ones that start the command. A process takes half a second each time, so the slow suite runs them. */
export function commandTests(): string[] {
  return readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".test.ts") && !/\/(?:slow|node_modules|consumers)\//.test(path))
    .filter((path) => readFileSync(`${root}${path}`, "utf8").includes('support/command.ts"'));
}
