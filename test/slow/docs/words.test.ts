import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { docsPages } from "../../../scripts/docs/generate.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const made = Object.keys(await docsPages()).filter((page) => page !== "operate/runbook.md");
const files = execFileSync("git", ["ls-files", "docs/*.md"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => !made.includes(file.slice(5)));
const pages = files.map((file) => ({ file, markdown: readFileSync(`${root}${file}`, "utf8") }));

function sentencesOf(markdown: string) {
  const prose = markdown
    .replace(/^---\n[\s\S]*?^---$/m, "")
    .replace(/^ *```[\s\S]*?^ *```$/gm, "\n\n")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^> \*\*(?:This writes|Ceci écrit).*$/gm, "")
    .replace(/^(?:\||#|Next: |Ensuite).*$/gm, "")
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "");
  return prose
    .split(/\n\n+|^[-\d]+\.? /m)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, " ").split(/(?<=[.!?:]) (?=\p{Lu})/u))
    .map((sentence) => sentence.trim());
}

test("no sentence of more than 60 letters stands on two pages, or twice on one", () => {
  const places = new Map<string, string[]>();
  for (const { file, markdown } of pages)
    for (const sentence of sentencesOf(markdown))
      if (sentence.length > 60) places.set(sentence, [...(places.get(sentence) ?? []), file]);
  expect([...places].filter(([, found]) => found.length > 1)).toEqual([]);
  expect(places.size).toBeGreaterThan(300);
});
