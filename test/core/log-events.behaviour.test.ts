import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const root = new URL("../../", import.meta.url).pathname;
const sources = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));

const [declaration = ""] = /type LogEvent =[^;]+;/.exec(read("src/core/log.ts")) ?? [];
const eventsIn = (text: string) => [...text.matchAll(/"(\w+)"/g)].map(([, name]) => name as string);
const declared = eventsIn(declaration);

it("the source code of the package logs every event of the type LogEvent somewhere", () => {
  const text = sources
    .map((path) => read(`src/${path}`))
    .join("")
    .replace(declaration, "");
  const written = new Set(eventsIn(text));
  expect(declared.filter((event) => !written.has(event))).toEqual([]);
  expect(declared).toEqual([...declared].sort());
});

it("the monitoring page lists the events of the log", () => {
  const rows = [...read("docs/reference/log-events.md").matchAll(/^\| `(\w+)` +\| (?:debug|info|warn|error)\b/gm)];
  expect(rows.map(([, name]) => name)).toEqual(declared);
});
