import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompanyNetwork } from "../../support/company-network.ts";

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));

export interface Block {
  readonly language: string;
  readonly code: string;
  readonly line: number;
  // What the page shows below the block.
  readonly output: string | undefined;
  // From a line of bold code above the block, for later blocks.
  readonly file: string | undefined;
  // `<!-- prints: REGEX -->`
  readonly prints: RegExp | undefined;
  // `<!-- not executed: REASON -->` or `<!-- executed by PATH -->`
  readonly skipped: string | undefined;
  // `<!-- exits: N -->`
  readonly exits: number;
  // `<!-- second terminal -->`: runs until the end of the page; the next block starts after `prints`.
  readonly staysOpen: boolean;
  // `<!-- first: COMMANDS -->`: what the reader has done before.
  readonly first: string | undefined;
  // `<!-- company network: WAY -->`: the only way to the fake. See `companyNetwork`.
  readonly way: keyof CompanyNetwork["urls"] | undefined;
  readonly isTwoslash: boolean;
}

export interface Page {
  readonly path: string;
  readonly markdown: string;
  readonly blocks: readonly Block[];
  // `<!-- one program -->`: all `ts` blocks are one program, and the `text` blocks what it prints.
  readonly isOneProgram: boolean;
  // `<!-- from an empty folder -->`: no variable is set, and exported ones last.
  readonly isFromEmpty: boolean;
  // `<!-- workbooks: 150 -->`: a run for a rh.xlsx of each size.
  readonly people: readonly (number | undefined)[];
  // `<!-- node 24 -->`
  readonly node: string | undefined;
}

const EXECUTABLE = new Set(["ts", "js", "sh"]);

const GENERATED =
  /^(?:reference\/(?:api\/|(?:changelog|command|config|errors|options|outcomes|provenance)\.md)|explain\/performance\.md)/;

const WAY = /^<!-- company network: (\w+) -->$/gm;

export async function listPages(): Promise<Page[]> {
  const entries = await readdir(docs, { recursive: true });
  const paths = entries
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".md") && !/(?:^|\/)(?:node_modules|\.vitepress)\//.test(path))
    .filter((path) => !GENERATED.test(path))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const markdown = await readFile(join(docs, path), "utf8");
      const people = /^<!-- workbooks: ([\d, ]+) -->$/m.exec(markdown)?.[1]?.split(", ").map(Number);
      return {
        path,
        markdown,
        blocks: blocksOf(markdown),
        isOneProgram: markdown.includes("<!-- one program -->"),
        isFromEmpty: markdown.includes("<!-- from an empty folder -->"),
        node: /^<!-- node (\d+) -->$/m.exec(markdown)?.[1],
        people: people ?? [undefined],
      };
    }),
  );
}

export function isRelevant({ language, file }: Block): boolean {
  return file !== undefined || EXECUTABLE.has(language);
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const fence = /((?:^\*\*`([^`\n]+)`\*\*\n\n)?((?:^ *<!--.*-->\n)*))^ *```(\w*)([^\n]*)\n([\s\S]*?)^ *```$/gm;
  for (const match of markdown.matchAll(fence)) {
    const [, above = "", file, comments = "", language = "", after = "", code = ""] = match;
    const said = (name: string): string | undefined => new RegExp(`<!-- ${name}:? ?(.*?) ?-->`).exec(comments)?.[1];
    const prints = said("prints");
    const [, way] = [...markdown.slice(0, match.index + above.length).matchAll(WAY)].at(-1) ?? [];
    const last = blocks.at(-1);
    const between = last && markdown.slice(0, match.index).endsWith("```\n\n");
    if (language === "text" && last?.language === "sh" && between)
      blocks[blocks.length - 1] = { ...last, output: code };
    blocks.push({
      output: undefined,
      language,
      code,
      line: markdown.slice(0, match.index + above.length).split("\n").length,
      file,
      prints: prints === undefined ? undefined : new RegExp(prints),
      skipped: said("not executed") ?? said("executed by"),
      exits: Number(said("exits") ?? 0),
      staysOpen: said("second terminal") !== undefined,
      first: said("first"),
      way: way as Block["way"],
      isTwoslash: /\btwoslash\b/.test(after),
    });
  }
  return blocks;
}
