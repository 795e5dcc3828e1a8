import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export interface Size {
  readonly tokens: number;
  readonly words: number;
}

export interface InnerDocstring {
  readonly place: string;
  readonly words: number;
  readonly text: string;
}

const isCode = (name: string): boolean => /(?<!\.d)\.(ts|mts|mjs)$/.test(name);
const isOthers = (name: string): boolean => /(^|\/)(node_modules|fixtures|api|\.vitepress[^/]*)\//.test(name);

export function filesOf(folder: string, isWanted: (name: string) => boolean = isCode): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => isWanted(name) && !isOthers(name))
    .map((name) => join(folder, name));
}

export const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => /[a-z]/i.test(word)).length;

// A token is a name, a literal or an operator.
export function sizeOf(files: readonly string[]): Size {
  let tokens = 0;
  let words = 0;
  for (const file of files) {
    const source = parse(file);
    const comments = new Map<number, string>();
    walk(source, source, (node, isToken) => {
      if (isToken) tokens += 1;
      for (const range of commentsAt(node, source)) comments.set(range.pos, source.text.slice(range.pos, range.end));
    });
    for (const text of comments.values()) words += wordsOf(text);
  }
  return { tokens, words };
}

// Members of exported declarations count as theirs, private ones do not.
export function innerDocstrings(
  program: ts.Program,
  files: readonly string[],
  exported: ReadonlySet<ts.Node>,
): InnerDocstring[] {
  return files.flatMap((file) => {
    const source = program.getSourceFile(file) ?? parse(file);
    const seen = new Set<number>();
    const found: InnerDocstring[] = [];
    walk(source, source, (node) => {
      for (const { pos, end } of commentsAt(node, source)) {
        const text = source.text.slice(pos, end);
        if (!text.startsWith("/**") || seen.has(pos) || isSeen(ownerOf(source, end), exported)) continue;
        seen.add(pos);
        const line = source.getLineAndCharacterOfPosition(pos).line + 1;
        found.push({ place: `${file}:${line}`, words: wordsOf(text), text });
      }
    });
    return found;
  });
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

function walk(node: ts.Node, source: ts.SourceFile, visit: (node: ts.Node, isToken: boolean) => void): void {
  const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
  visit(node, children.length === 0 && node.getWidth(source) > 0);
  for (const child of children) walk(child, source, visit);
}

function commentsAt(node: ts.Node, { text }: ts.SourceFile): readonly ts.CommentRange[] {
  return [
    ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
  ];
}

function ownerOf(source: ts.SourceFile, end: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (found || node.end <= end) return;
    if (node.getStart(source) >= end) found = node;
    else ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

function isSeen(owner: ts.Node | undefined, exported: ReadonlySet<ts.Node>): boolean {
  for (let node = owner; node; node = node.parent) {
    if (ts.isVariableStatement(node)) return node.declarationList.declarations.some((one) => exported.has(one));
    if (exported.has(node)) return true;
    if (ts.isBlock(node) || ts.isSourceFile(node) || ts.isImportDeclaration(node)) return false;
    if (ts.isClassElement(node) && isPrivate(node)) return false;
  }
  return false;
}

export function isInternal(node: ts.Node): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === "internal");
}

export function isPrivate(member: ts.ClassElement): boolean {
  if (member.name && ts.isPrivateIdentifier(member.name)) return true;
  const modifiers = ts.canHaveModifiers(member) ? ts.getModifiers(member) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) ?? false;
}
