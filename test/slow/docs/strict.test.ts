import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { compile } from "../../../scripts/compiler.ts";
import { type Block, listPages, type Page } from "./pages.ts";
import { type ReaderFolders, readerFolders } from "./reader-folder.ts";

// The page's own commands compile its program.
const COMPILES_ITSELF = "reference/types.md";
// JavaScript has no annotations. Wrong types, missing fields and unknown names are still found.
const IN_JAVASCRIPT = { strict: false, noImplicitAny: false };
const OF_RECORDS = / does not exist on type 'unknown'\.$/;
// Readers install `@types/…`; `mysql2/promise` lacks a type, and `node:sqlite` is newer than our @types/node.
const UNTYPED = ["pg", "ssh2-sftp-client", "mysql2/promise", "node:sqlite"];

let folders: ReaderFolders;
beforeAll(async () => {
  folders = await readerFolders(inject("consumers"));
});
afterAll(() => folders?.remove());

interface Sample {
  readonly file: string;
  readonly code: string;
  readonly place: string;
  readonly isStrict: boolean;
}

test("every program of the documentation compiles: TypeScript with strict, JavaScript with checkJs", async () => {
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
  const strict = [...samples.values()].filter(({ isStrict }) => isStrict);
  expect([samples.size > 60, strict.length > 25], `${samples.size} programs, ${strict.length} strict`).toEqual([
    true,
    true,
  ]);
  expect(await complaints(samples)).toEqual([]);
});

function samplesOf({ path, blocks, isOneProgram }: Page) {
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

function isProgram({ file, language, skipped }: Block) {
  return skipped === undefined && (language === "ts" || language === "js" || /\.m?[jt]s$/.test(file ?? ""));
}

async function complaints(samples: ReadonlyMap<string, Sample>) {
  const folder = await folders.create("compiled");
  const shims = join(folder, "shims.d.ts");
  await writeFile(shims, UNTYPED.map((name) => `declare module "${name}";\n`).join(""));
  const complaintsWith = (options: object, isWanted: (sample: Sample) => boolean) => {
    const files = [...samples].filter(([, sample]) => isWanted(sample)).map(([path]) => path);
    if (files.length === 0) return [];
    const compilerOptions = {
      ...options,
      ...{ module: "nodenext", target: "es2022", allowJs: true, checkJs: true, allowImportingTsExtensions: true },
      ...{ skipLibCheck: true, noEmit: true, types: ["node"] },
      typeRoots: [join(inject("consumers"), "node_modules/@types")],
    };
    return compile(folder, { compilerOptions, files: [...files, shims] }).map(({ file, line, code, text }) => {
      const place = samples.get(join(folder, file))?.place ?? file;
      return `${place}+${line} ${code} ${text}`;
    });
  };
  return [
    ...complaintsWith({ strict: true }, ({ isStrict }) => isStrict),
    ...complaintsWith(IN_JAVASCRIPT, ({ isStrict }) => !isStrict).filter((complaint) => !OF_RECORDS.test(complaint)),
  ];
}
