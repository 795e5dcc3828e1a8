// npm run schema:pull -- [--check] [address | file]. Exit status: 0 nothing changed; 1 failed, nothing was overwritten;
// 2 changed and compatible; 3 the contract is broken.

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isDeepStrictEqual, parseArgs } from "node:util";
import type { OpenAPI3 } from "openapi-typescript";
import { parse } from "yaml";
import { FACTS, renderFacts, renderTypes, SCHEMA, TYPES } from "../generate.ts";
import { isMain } from "../generated-file.ts";
import { generateRequestChecks } from "../make-request-checks.ts";
import { oneLine, printable } from "../printable.ts";
import { compare } from "./compare.ts";
import { readSource } from "./document.ts";
import { readFacts } from "./facts.ts";
import { normalise } from "./normalise.ts";
import { LIMITS, type Limits, openReader } from "./read-source.ts";
import { type Comparison, report, typecheck } from "./report.ts";
import { isTree, type Tree } from "./view.ts";

export const DEFAULT_SOURCE = "https://api.oplead.com/documentation/index.html";
export const EXIT = { unchanged: 0, compatible: 2, broken: 3 } as const;

export interface Places {
  readonly schema: URL;
  readonly origin: URL;
  readonly types: URL;
  readonly facts: URL;
}

export const PLACES: Places = {
  schema: SCHEMA,
  origin: new URL("oplead.openapi.source.json", SCHEMA),
  types: TYPES,
  facts: FACTS,
};

export interface PullOptions {
  readonly source?: string | undefined;
  readonly check?: boolean;
  // A header line for a page behind a login.
  readonly auth?: string | undefined;
  readonly limits?: Limits;
  readonly places?: Places;
}

export async function pull(options: PullOptions = {}): Promise<Comparison & { readonly words: string }> {
  const { check = false, places = PLACES } = options;
  const reader = openReader(options.source ?? DEFAULT_SOURCE, options.auth, options.limits ?? LIMITS);
  const found = await readSource(reader);
  const committed: unknown = parse(await readFile(places.schema, "utf8"));
  if (!isTree(committed)) throw new Error("The committed document is not an OpenAPI document.");

  // readDocument has checked it; its type there is only a tree.
  const types = await renderTypes(found.document as unknown as OpenAPI3);
  const facts = renderFacts(found.document as unknown as OpenAPI3);
  const comparison = compareWith(committed, found.document, types, facts);
  if (!check && comparison.outcome !== "unchanged") {
    await saveAll(
      new Map([
        [places.schema, HEADER + found.yaml],
        [places.origin, `${JSON.stringify(found.origin, null, 2)}\n`],
        [places.types, types],
        [places.facts, facts],
      ]),
    );
  }
  const { source, version, format, sha256 } = found.origin;
  const origin = `source ${source}, ${format}, version ${version}, SHA-256 ${sha256.slice(0, 12)}…`;
  const head = [found.how, origin].map(oneLine).join("\n");
  const nothing =
    comparison.outcome === "unchanged" ? "" : check ? "Nothing was written." : "schema/ and generated/ are written.";
  return { ...comparison, words: [head, report(comparison), nothing].filter((text) => text !== "").join("\n\n") };
}

const HEADER = `\
# Pulled by \`npm run schema:pull\`, which overwrites it; where from and when is in oplead.openapi.source.json.

`;

function compareWith(committed: Tree, document: Tree, types: string, facts: string): Comparison {
  const unchanged = isDeepStrictEqual(normalise(committed, undefined), document);
  if (unchanged) return { outcome: "unchanged", findings: [], problems: [], complaints: [] };
  const { problems } = readFacts(document);
  const complaints = typecheck(
    new Map([
      [TYPES, types],
      [FACTS, facts],
    ]),
  );
  const outcome = problems.length > 0 || complaints.length > 0 ? "broken" : "compatible";
  return { outcome, findings: compare(committed, document), problems, complaints };
}

export async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { check: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new Error("Give one address or one file.");
  const { words, outcome } = await pull({
    source: positionals[0],
    check: values.check,
    auth: env.OPLEAD_SCHEMA_AUTH,
  });
  console.log(words);
  if (!values.check && outcome !== "unchanged") console.log(printable(await remakeChecks()));
  return EXIT[outcome];
}

// Done even if the fake lacks an operation of it.
async function remakeChecks(): Promise<string> {
  try {
    return (await generateRequestChecks()).message;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The fake's request checks could not be made: ${why}\nOnce src/testing/ follows the document, run \`npm run generate\`.`;
  }
}

if (isMain(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), process.env).catch((error: unknown) => {
    console.error(printable(`Failed, nothing was overwritten. ${error instanceof Error ? error.message : error}`));
    return 1;
  });
}

// All or none: drafts first, and what was replaced is restored if a later one fails.
export async function saveAll(texts: ReadonlyMap<URL, string>): Promise<void> {
  const drafts = [...texts].map(([file, text]) => ({ file, text, draft: new URL(`${file.href}.${process.pid}.tmp`) }));
  const replaced: { file: URL; before: string | undefined }[] = [];
  try {
    for (const { file, text, draft } of drafts) {
      await mkdir(new URL(".", file), { recursive: true });
      await writeFile(draft, text);
    }
    for (const { file, draft } of drafts) {
      const before = await readFile(file, "utf8").catch(() => undefined);
      await rename(draft, file);
      replaced.push({ file, before });
    }
  } catch (error) {
    for (const { file, before } of replaced) await (before === undefined ? rm(file) : writeFile(file, before));
    throw error;
  } finally {
    for (const { draft } of drafts) await rm(draft, { force: true });
  }
}
