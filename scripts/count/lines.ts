import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface LongLine {
  readonly place: string;
  readonly columns: number;
}

/** The lines of a text that are longer than `most`. */
export function longLines(file: string, most: number): LongLine[] {
  return read(file).flatMap((line, index) => (line.length > most ? [place(file, index, line)] : []));
}

/** The lines of the TypeScript files of a folder that are longer than `most` without their texts, patterns and comments. */
export function longCode(folder: string, most: number): LongLine[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return names.sort().flatMap((name) => {
    const file = join(folder, name);
    const lines = read(file);
    if (lines.every(({ length }) => length <= most)) return [];
    const code = withoutTexts(file, lines.join("\n")).split("\n");
    return lines.flatMap((line, index) => ((code[index]?.length ?? 0) > most ? [place(file, index, line)] : []));
  });
}

function read(file: string): string[] {
  return readFileSync(file, "utf8").split(/\r?\n/);
}

function place(file: string, index: number, { length: columns }: string): LongLine {
  return { place: `${file}:${index + 1}`, columns };
}

/** The code with its lines as they are, and nothing in place of comments and of the words in literals. */
function withoutTexts(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const texts: (readonly [start: number, end: number])[] = [];
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.pos) ?? []) texts.push([pos, end]);
    for (const { pos, end } of ts.getTrailingCommentRanges(text, node.end) ?? []) texts.push([pos, end]);
    // The HTML of a page is one text with what stands in it: a line break would be a space of the page.
    if (ts.isLiteralExpression(node) || ts.isTemplateExpression(node)) {
      texts.push([node.getStart(source), node.end]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  let code = "";
  let at = 0;
  for (const [start, end] of texts.sort(([a], [b]) => a - b)) {
    if (start < at) continue;
    code += text.slice(at, start) + text.slice(start, end).replace(/[^\n]/g, "");
    at = end;
  }
  return code + text.slice(at);
}
