export interface RepeatedKey {
  readonly name: string;
  readonly row: number;
  readonly column: number;
}

const TABLE = /\bcell\.(?:values|codes)\(/g;
const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\p{L}_$][\p{L}\p{N}_$]*|[[\]{},:]/uy;

// JavaScript keeps only the last of two equal keys of a table and reports nothing, so every row with a text of the
// first would be invalid. The loaded object hides it: the text is searched.
export function repeatedKey(text: string): RepeatedKey | undefined {
  for (const { index, 0: start } of text.matchAll(TABLE)) {
    if (isInComment(text, index)) continue;
    const found = repeatedIn(tokensAfter(text, index + start.length));
    if (!found) continue;
    const before = text.slice(0, found.at).split("\n");
    return { name: found.name, row: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
  return undefined;
}

function isInComment(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", at) + 1, at);
  return line.includes("//") || text.lastIndexOf("/*", at) > text.lastIndexOf("*/", at);
}

interface Token {
  readonly text: string;
  readonly at: number;
}

function* tokensAfter(text: string, start: number): Generator<Token, undefined> {
  for (let at = start; ; ) {
    BLANK.lastIndex = at;
    TOKEN.lastIndex = at + (BLANK.exec(text)?.[0].length ?? 0);
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    yield { text: found[0], at: found.index };
    at = TOKEN.lastIndex;
  }
}

function repeatedIn(tokens: Iterator<Token, undefined>): { readonly name: string; readonly at: number } | undefined {
  const next = (): Token => tokens.next().value ?? { text: "", at: 0 };
  if (!isQuoted(next().text) || next().text !== "," || next().text !== "{") return undefined;
  const seen = new Set<string>();
  for (let token = next(); ; token = next()) {
    const { at } = token;
    const isComputed = token.text === "[";
    const name = nameOf(isComputed ? next().text : token.text);
    if (name === undefined || (isComputed && next().text !== "]") || next().text !== ":") return undefined;
    if (seen.has(name)) return { name, at };
    seen.add(name);
    if (!readValue(next) || next().text !== ",") return undefined;
  }
}

const isQuoted = (text: string): boolean => /^["']/.test(text);

function nameOf(text: string): string | undefined {
  if (isQuoted(text)) return text.slice(1, -1);
  return /^[\p{L}_$]/u.test(text) ? text : undefined;
}

function readValue(next: () => Token): boolean {
  let { text } = next();
  if (isQuoted(text)) return true;
  if (text !== "[") return false;
  for (text = next().text; text !== "]"; text = next().text) if (!isQuoted(text) && text !== ",") return false;
  return true;
}
