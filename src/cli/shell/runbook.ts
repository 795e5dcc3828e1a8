import { existsSync, readFileSync } from "node:fs";

/** The runbook, which is a part of the package: it lies above the command's file, in `dist/cli/`. */
const RUNBOOK = "docs/operate/runbook.md";

/** The section of the runbook about an error's code, as plain text: cause, check and remedy. Undefined if it has none. */
export function runbookSection(code: string): Readonly<Record<"cause" | "check" | "remedy", string>> | undefined {
  const section = `\n${runbook()}`.split("\n## ").find((one) => one.startsWith(`${code}\n`));
  if (section === undefined) return undefined;
  const part = (title: string): string => plain(section.match(new RegExp(`\\*\\*${title}\\.\\*\\* (.*)`))?.[1] ?? "");
  return { cause: part("Cause"), check: part("Check"), remedy: part("Remedy") };
}

function runbook(): string {
  const found = ["./", "../", "../../", "../../../"]
    .map((up) => new URL(`${up}${RUNBOOK}`, import.meta.url))
    .find((file) => existsSync(file));
  return found === undefined ? "" : readFileSync(found, "utf8");
}

/** Links name the page in the package. */
function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\(#[^)]*\)/g, "$1")
    .replace(/\[([^\]]*)\]\(\.\/([^)#]*)[^)]*\)/g, "$1 (docs/operate/$2)")
    .replace(/\[([^\]]*)\]\(\.\.\/([^)#]*)[^)]*\)/g, "$1 (docs/$2)")
    .replace(/\*\*|(?<![\w`])_|_(?![\w`])/g, "");
}
