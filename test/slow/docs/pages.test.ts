import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import typedoc from "../../../docs/typedoc.json" with { type: "json" };
import manifest from "../../../package.json" with { type: "json" };
import { docsPages } from "../../../scripts/docs/generate.ts";
import { Types } from "../../../scripts/docs/interfaces.ts";
import { OPTION_TABLES, propertiesOf } from "../../../scripts/docs/options.ts";
import { isRelevant, listPages } from "./pages.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pages = (await listPages()).filter(({ path }) => path !== "index.md");

const entries = typedoc.entryPoints.map((path) => path.replace("../", ""));
const types = new Types([...new Set([...entries, ...OPTION_TABLES.map(({ file }) => file)])]);

// Five minutes at 240 words; a line of code counts as two words.
const WORDS = 1200;

const WRITES =
  /createOplead\([\s\S]*\b(?:upsertUser|setRules|syncUsers|reconcileUser|enqueue|createUserWebhook|apply)\(|npx oplead-sdk (?:sync|apply|retry|serve|worker|trigger)\b(?!.*--target (?:fake|test)\b)/;
const HARMLESS = /createFakeOplead|testMode: true|OPLEAD_BASE_URL=http:\/\/127\.0\.0\.1/;
const BANNER =
  /^> \*\*(?:This writes to Oplead,\*\* where no user can be deleted\. To try it: \[start the fake\]\((?:\.\.\/start\/sdk\.md|\.\/sdk\.md)?#no-token-yet\)|Ceci écrit dans Oplead,\*\* où aucun utilisateur ne peut être supprimé\. Pour essayer\u00A0: \[le faux Oplead\]\(\.\.\/start\/sdk\.md#no-token-yet\))\.$/m;

const firstParagraph = (markdown: string) => markdown.replace(/^<!--.*-->\n+/gm, "").split(/\n\n+/)[1];

describe.each(pages)("docs/$path", ({ markdown, blocks, isOneProgram, isFromEmpty }) => {
  test("a page with samples that write says first how to try them against the fake", () => {
    const writing = blocks.find(
      (block) =>
        isRelevant(block) && block.skipped === undefined && WRITES.test(block.code) && !HARMLESS.test(block.code),
    );
    if (!writing || (isOneProgram && HARMLESS.test(markdown))) return;
    // A page from an empty folder has led to the fake before.
    expect(isFromEmpty ? markdown : markdown.slice(0, markdown.indexOf(writing.code))).toMatch(BANNER);
  });

  test("the page begins with what the reader gets from it, in at most 45 words", () => {
    const first = firstParagraph(markdown) ?? "";
    expect(first).toMatch(/^\p{Lu}[^|]*\.$/u);
    expect(first).not.toMatch(/^(?:At the end of|This page|À la fin de)/);
    expect(first.split(/\s+/).length).toBeLessThanOrEqual(45);
  });

  test("the page ends with a next step", () => {
    const last = markdown.trimEnd().split(/\n\n+/).at(-1);
    expect(last).toMatch(/^(?:Next: |Ensuite(?: \(en anglais\))?\u00A0: )[\s\S]*\]\(/);
  });

  test("the page's links work on the site, on GitHub and in the package", () => {
    const links = [...markdown.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, link = ""]) => link,
    );
    expect(
      links.filter((link) => !/^(?:https?:\/\/|#|[\w.][\w./-]*\.(?:svg|png|md(?:$|#[\w-]+$)))/.test(link)),
    ).toEqual([]);
    expect(links.filter((link) => /github\.com|npmjs\.com/.test(link))).toEqual([]);
  });

  // Readers look things up in them.
  test.skipIf(/^# (?:Runbook|Decisions)$/m.test(markdown))("the page takes at most five minutes to read", () => {
    const prose = markdown.replace(/^```[\s\S]*?^```$|!\[[^\]]*\]/gm, "").split(/\s+/).length;
    const code = blocks.reduce((sum, block) => sum + block.code.split("\n").length, 0);
    expect(prose + 2 * code).toBeLessThan(WORDS);
  });

  test("the page has no braces that the site would take for an expression", () => {
    expect(markdown.replace(/^ *```[\s\S]*?^ *```$/gm, "")).not.toContain("{{");
  });

  test("the page gives a reason for each block that is not executed", () => {
    for (const { skipped } of blocks.filter(isRelevant)) expect(skipped ?? "executed").not.toBe("");
  });
});

test.each(["fr/excel-au-cron.md", "start/excel-to-cron.md"])(
  "%s explains a nightly sync to a person who never wrote a program, in at most 900 words",
  (path) => {
    const { markdown = "" } = pages.find((page) => page.path === path) ?? {};
    const words = markdown.replace(/<!--.*-->/g, "").match(/[\p{L}\p{N}][^\s]*/gu) ?? [];
    expect(words.length).toBeGreaterThan(300);
    expect(words.length).toBeLessThanOrEqual(900);
  },
);

test("the home page shows commands and output of the quick start", async () => {
  const home = await readFile(`${root}docs/index.md`, "utf8");
  const [, text = ""] = /^terminal:\n([\s\S]*?)^plan:/m.exec(home) ?? [];
  const shown = parse(text) as string[];
  const quickStart = pages.find(({ path }) => path === "start/command.md");
  const known = quickStart?.blocks.flatMap(({ code }) => code.split("\n")) ?? [];
  expect(shown.length).toBeGreaterThan(4);
  expect(shown.map((line) => line.replace(/^\$ /, "")).filter((line) => !known.includes(line))).toEqual([]);
});

test("every option in the tables has a meaning beside its type and default", () => {
  const silent = OPTION_TABLES.flatMap((table) =>
    propertiesOf(types, table)
      .filter(({ text }) => /^$|^Default/.test(text))
      .map(({ name }) => `${table.name}.${name}`),
  );
  expect(silent).toEqual([]);
});

test("the page about the guard has every option of the guard, with its default", async () => {
  const page = await readFile(`${root}docs/run/guard.md`, "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gm)].map(([, name, value]) => [
    name,
    value?.replaceAll("`", ""),
  ]);
  const table = OPTION_TABLES.find(({ name }) => name === "GuardOptions");
  if (!table) throw new Error("The page has no table of options.");
  const options = propertiesOf(types, table);
  expect(rows).toEqual(
    options.map(({ name, defaultValue }) => [name, defaultValue?.replaceAll("`", "").replace("the same as", "as")]),
  );
});

test("the page about webhooks names every error that a sender can be told", async () => {
  const page = await readFile(`${root}docs/run/webhook.md`, "utf8");
  const folder = `${root}src/webhook`;
  const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".ts"));
  const sources = await Promise.all(files.map((path) => readFile(`${folder}/${path}`, "utf8")));
  const codes = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:refused\(\d+, |sendAgain\((?:[^"()]*\? )?)"(\w+)"(?: : "(\w+)")?/g)].flatMap(
      ([, ...names]) => names,
    ),
  );
  const told = [...new Set(codes.filter((code) => code !== undefined))];
  expect(told.length).toBeGreaterThan(10);
  expect(told.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

test("every name that an entry point exports has a docstring", () => {
  const names = entries.flatMap((file) => types.exportsOf(file));
  expect(names.length).toBeGreaterThan(250);
  expect(entries.flatMap((file) => types.undocumentedExportsOf(file).map((name) => `${file}: ${name}`))).toEqual([]);
});

test("the page about stability lists exactly the exports that are tagged as experimental", async () => {
  const page = await readFile(`${root}docs/reference/versions.md`, "utf8");
  const rows = [...page.matchAll(/^\| `(oplead-sdk[\w/]*)` +\| ((?:`\w+`(?:, )?)+) *\|/gm)];
  const listed = rows.flatMap(([, entry, names = ""]) =>
    [...names.matchAll(/\w+/g)].map(([name]) => `${entry} ${name}`),
  );
  const imports: Readonly<Record<string, string>> = {
    "src/testing/msw": "/msw",
    "src/index": "",
  };
  const tagged = entries.flatMap((file) => {
    const place = file.replace(/(\w)\/index\.ts$|\.ts$/, "$1");
    const entry = `oplead-sdk${imports[place === "src" ? "src/index" : place] ?? place.replace("src", "")}`;
    return types.exportsTagged("experimental", file).map((name) => `${entry} ${name}`);
  });
  expect(tagged.length).toBeGreaterThan(20);
  expect(listed.sort()).toEqual(tagged.sort());
});

test("the reference has a page for every entry point of the package", () => {
  const named = Object.keys(manifest.exports).filter((name) => !name.endsWith(".json"));
  expect(typedoc.entryPoints.length).toBe(named.length);
});

test("the pages that are made from the source equal what it generates, with words in place of their codes", async () => {
  for (const [name, made] of Object.entries(await docsPages())) {
    expect(await readFile(`${root}docs/${name}`, "utf8"), name).toBe(made);
    expect(made, name).not.toContain("_summary");
  }
});

test("every options type of an entry point has a table in the docs, or belongs to another type", () => {
  const files = new Set(OPTION_TABLES.map(({ file }) => file));
  const exported = [...files].flatMap((file) =>
    types.exportsOf(file).filter((name) => /(?:Options|Settings)$/.test(name)),
  );
  const tables = new Set(OPTION_TABLES.map(({ name }) => name));
  // Documented with the types that they are parts of.
  const parts = new Set([
    "FetchJsonOptions",
    "TableOptions",
    "EvaluationOptions",
    "PolicyOptions",
    "SendOptions",
    "SignalOptions",
    "ListLeaversOptions",
    "MarkLeaverOptions",
    "UserWebhookOptions",
  ]);
  expect([...new Set(exported)].filter((name) => !tables.has(name) && !parts.has(name))).toEqual([]);
});

test("a page with shell variables or commands that PowerShell does not know shows PowerShell as well", () => {
  const UNIX = /^ *(?:export [A-Z]|unset |rm -r|[A-Z_]+=\S+ (?:npx|node) )|\$PWD/m;
  const silent = pages.filter(
    ({ blocks }) =>
      blocks.some(({ language, code }) => language === "sh" && UNIX.test(code)) &&
      !blocks.some(({ language }) => language === "powershell"),
  );
  expect(silent.map(({ path }) => path)).toEqual([]);
});
