/** The programs of the documentation in a reader's project: TypeScript with `strict`, JavaScript with `checkJs`. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { compile } from "../../../scripts/compiler.ts";
import { type Block, listPages, type Page } from "./pages.ts";
import { type ReaderFolders, readerFolders } from "./reader-folder.ts";

/** The page's own commands compile its program, with types that hold for that page only. */
const COMPILES_ITSELF = "reference/types.md";
/**
 * JavaScript has no annotations, so the rest of `strict` would ask for what its readers do not write. Options of a wrong type, missing
 * fields, and names that do not exist are still found. Samples with `twoslash` show types, and are checked in full.
 */
const IN_JAVASCRIPT = { strict: false, noImplicitAny: false };
/** A record of a source has no type in JavaScript. */
const OF_RECORDS = / does not exist on type 'unknown'\.$/;
/**
 * Packages without types of their own, whose readers install `@types/…`; the types of `mysql2/promise` lack the connection inside; and
 * `node:sqlite` is newer than the types of Node that this repository has.
 */
const UNTYPED = ["pg", "ssh2-sftp-client", "mysql2/promise", "node:sqlite"];

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

test("mistakes in JavaScript programs are found: a wrong type, a missing field, an unknown key", async () => {
  const file = "mistakes.mjs";
  const target = join(await folders.create("mistakes"), file);
  const code = `import { createOplead } from "oplead-sdk";
const oplead = createOplead({ timeoutMs: "5s" });
await oplead.upsertUser({ accountNumber: "DLR-1", lastname: "Roux" });
await oplead.setRules("DLR-1", { maxDistanse: 30 });
`;
  await writeFile(target, code);
  const found = await complaints(new Map([[target, { file, code, place: "here", isStrict: false }]]));
  expect(found.map((complaint) => complaint.split(" ").slice(0, 2).join(" "))).toEqual([
    "here+2 2322",
    "here+3 2739",
    "here+4 2561",
  ]);
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
async function complaints(samples: ReadonlyMap<string, Sample>): Promise<string[]> {
  const folder = await folders.create("compiled");
  const shims = join(folder, "shims.d.ts");
  await writeFile(shims, UNTYPED.map((name) => `declare module "${name}";\n`).join(""));
  const complaintsWith = (options: object, isWanted: (sample: Sample) => boolean): string[] => {
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
