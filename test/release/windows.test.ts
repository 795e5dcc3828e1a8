// What only Windows can run, it runs once for each release (.github/workflows/release.yml). The rest is tested on every platform.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

// Windows runs them, once for each release.
const script = read(".github/excel-to-scheduler.ps1");

it("the release runs the commands of “De l’Excel au cron” on Windows, from a script in ASCII", () => {
  expect(script).toMatch(/^[\n\x20-\x7e]*$/);
  const page = read("docs/fr/excel-au-cron.md").replaceAll("$CODE", () => "$hash");
  const commands = [...script.matchAll(/^Step "(npx oplead-sdk [^"]*)"/gm)].map(([, command = ""]) => command);
  const shown = [...page.matchAll(/^npx oplead-sdk (?!init --deploy|doctor --notify).*$/gm)].map(
    ([command]) => command,
  );
  expect(commands).toEqual(shown);
  expect(read("deploy/windows/register.ps1")).toContain("[Parameter(Mandatory)] [string] $User");
  expect(script).toMatch(/windows\\register\.ps1 -User/);
});

it("a folder with a space, & or an apostrophe in its name reaches cmd and the Task Scheduler whole", () => {
  const [, line = ""] = /^cmd \/c "(.*)"$/m.exec(read("deploy/windows/night.ps1")) ?? [];
  const typed = line.replaceAll('`"', '"');
  // cmd takes the outer quotation marks of a command that begins with one.
  expect(typed).toMatch(/^node /);
  expect(typed).toContain('>> "$log" 2>&1');
  expect(typed).toContain(" --report logs\\report.md --report logs\\rows.csv --html logs\\report.html ");
  expect(typed.replace(/"[^"]*"/g, "").match(/\$\w+/g)).toEqual(["$language"]);
  expect(read("deploy/windows/register.ps1")).toContain("[Security.SecurityElement]::Escape($folder)");
  const task = read("deploy/windows/oplead-night.xml");
  expect(task.match(/.{6}FOLDER/g)).toEqual(['File "FOLDER', "ctory>FOLDER"]);
});
