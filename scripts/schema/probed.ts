import { existsSync, readFileSync } from "node:fs";
import type { FactName } from "../../src/facts.ts";
import { readFacts } from "../../src/probe/index.ts";

/** What a probe found out about the assumptions, in three lines. Undefined if there is no such file. */
export function probedText(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { at, baseUrl, facts } = readFacts(readFileSync(file, "utf8"));
  const named = (verdict: string, show: (name: FactName) => string): string => {
    const names = (Object.keys(facts) as FactName[]).filter((name) => facts[name].verdict === verdict); // keys of a record
    return names.length === 0 ? "nothing" : names.map(show).join(", ");
  };
  const value = (name: FactName): string => JSON.stringify((facts[name] as { value?: unknown }).value);
  return [
    `A probe asked ${baseUrl} on ${at.slice(0, 10)}:`,
    `  confirmed: ${named("confirmed", (name) => name)}`,
    `  refuted: ${named("refuted", (name) => `${name} (it is ${value(name)})`)}`,
    `  undecided: ${named("undecided", (name) => name)}`,
  ].join("\n");
}
