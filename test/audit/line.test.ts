import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("the documentation page about the audit names every field that an audit line may have", () => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const fields = [...read("src/audit/line.ts").matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name);
  const page = read("docs/run/morning-after.md");
  expect(fields.length).toBeGreaterThan(30);
  expect(fields.filter((name) => name !== "event" && !page.includes(`\`${name}\``))).toEqual([]);
});
