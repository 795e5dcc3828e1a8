/**
 * A key that stands twice in one table of a config, with the line and the column of its second appearance, both from 1.
 */
export interface RepeatedKey {
  readonly name: string;
  readonly row: number;
  readonly column: number;
}

const TABLE = /\bcell\.(?:values|codes)\(/g;
const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\p{L}_$][\p{L}\p{N}_$]*|[[\]{},:]/uy;

/**
 * Finds a key that stands twice in a table of `cell.values` or `cell.codes`, such as a profile with two lists of
 * jobs. JavaScript keeps only the second value of the key and reports nothing, so every row with a text from the
 * first value would be invalid. The loaded object does not show this mistake, so the text of the config is searched.
 * Only tables of texts and lists of texts are judged.
 */
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

/**
 * Yields the tokens of a text from a place on, and ends at the first character that cannot be part of a table of plain
 * values.
 */
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

/** Reads `"Column", { key: "text", key: ["text", …], … }` and returns the first key that stands twice. */
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

/** The name of a key, without quotation marks; undefined if the token is a sign and no name. */
function nameOf(text: string): string | undefined {
  if (isQuoted(text)) return text.slice(1, -1);
  return /^[\p{L}_$]/u.test(text) ? text : undefined;
}

/** Reads a text or a list of texts. Returns false if the next tokens are neither. */
function readValue(next: () => Token): boolean {
  let { text } = next();
  if (isQuoted(text)) return true;
  if (text !== "[") return false;
  for (text = next().text; text !== "]"; text = next().text) if (!isQuoted(text) && text !== ",") return false;
  return true;
}
