/** The programs of the documentation in a reader's TypeScript project with `strict`: one program of the compiler for all of them. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Block, listPages, type Page } from "./pages.ts";
import { type ReaderFolders, readerFolders } from "./reader-folder.ts";

/** The page's own commands compile its program, with types that hold for that page only. */
const COMPILES_ITSELF = "reference/types.md";
/**
 * What JavaScript is checked for: names that a module does not export, and keys that an option does not have. It has no annotations, so that
 * the rest of `strict` would ask for what a reader of JavaScript does not write. Samples with `twoslash` show types, and are checked in full.
 */
const IN_JAVASCRIPT = new Set([2305, 2353, 2561, 2724]);
/** Packages without types of their own, whose readers install `@types/…`. */
const UNTYPED = ["pg", "ssh2-sftp-client"];

let folders: ReaderFolders;
beforeAll(async () => {
  folders = await readerFolders(inject("consumers"));
});
afterAll(() => folders?.remove());

interface Sample {
  /** Its path inside the page's folder. */
  readonly file: string;
  readonly code: string;
  /** For messages: the page and the line of the fence. */
  readonly place: string;
  readonly isStrict: boolean;
}

test("every program of the documentation compiles with strict", async () => {
  const samples = new Map<string, Sample>();
  for (const page of await listPages()) {
    const ofPage = page.path === COMPILES_ITSELF ? [] : samplesOf(page);
    if (ofPage.length === 0) continue;
    const folder = await folders.create(page.path.replace(/\W/g, "-"));
    for (const sample of ofPage) {
      const target = join(folder, sample.file);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, sample.code);
      samples.set(target, sample);
    }
  }
  const shims = join(await folders.create("shims"), "shims.d.ts");
  await writeFile(shims, UNTYPED.map((name) => `declare module "${name}";\n`).join(""));
  const strict = [...samples.values()].filter(({ isStrict }) => isStrict);
  expect([samples.size > 60, strict.length > 25], `${samples.size} programs, ${strict.length} strict`).toEqual([
    true,
    true,
  ]);
  expect(complaints(samples, shims)).toEqual([]);
});

function samplesOf({ path, blocks, isOneProgram }: Page): Sample[] {
  const samples = blocks.filter(isProgram).map(({ file, code, line, language, isTwoslash }) => ({
    file: file ?? `block-${line}.m${language}`,
    code,
    place: `docs/${path}:${line}`,
    isStrict: language === "ts" || isTwoslash,
  }));
  const [first] = samples;
  if (!isOneProgram || first === undefined) return samples;
  return [{ ...first, file: "page.mts", code: samples.map(({ code }) => code).join("\n") }];
}

/** A part of a program says in a comment that it is not executed. */
function isProgram({ file, language, skipped }: Block): boolean {
  return skipped === undefined && (language === "ts" || language === "js" || /\.m?[jt]s$/.test(file ?? ""));
}

/** The compiler's errors, each with the page, the line of the fence and the line inside of it. */
function complaints(samples: ReadonlyMap<string, Sample>, shims: string): string[] {
  const program = ts.createProgram([...samples.keys(), shims], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    allowJs: true,
    checkJs: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(inject("consumers"), "node_modules/@types")],
  });
  const ofProgram = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  const ofSamples = [...samples].flatMap(([path, { place, isStrict }]) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found
      .filter(({ code }) => isStrict || IN_JAVASCRIPT.has(code))
      .map((error) => `${place}+${file?.text.slice(0, error.start).split("\n").length} ${textOf(error)}`);
  });
  return [...ofProgram.map(textOf), ...ofSamples];
}

function textOf({ code, messageText }: ts.Diagnostic): string {
  return `${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}
