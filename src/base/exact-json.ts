type Reviver = (name: string, value: unknown) => unknown;

/** Whether a number that a program rounds may be in a text: one with sixteen digits, or with an exponent. */
const MAY_ROUND = /\d[\d.]{15}|\d[eE][+-]?\d/;

/** The beginning of a string, or a whole number. */
const TOKEN = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON.parse that keeps every digit of an integer: one that a number cannot hold exactly becomes the text that it is written as. An id that
 * was rounded would be another one's. JSON.parse cannot tell how a number is written before Node 21, so such numbers are put in
 * quotation marks before it.
 *
 * @throws SyntaxError, whose message may quote the text.
 */
export function parseJson(text: string, reviver?: Reviver): unknown {
  return JSON.parse(MAY_ROUND.test(text) ? withExactNumbers(text) : text, reviver);
}

function withExactNumbers(text: string): string {
  const parts: string[] = [];
  let done = 0;
  const tokens = new RegExp(TOKEN);
  for (let found = tokens.exec(text); found !== null; found = tokens.exec(text)) {
    const [token] = found;
    if (token === '"') {
      tokens.lastIndex = endOfString(text, tokens.lastIndex);
    } else if (Math.abs(Number(token)) > Number.MAX_SAFE_INTEGER && isValidNumber(token)) {
      parts.push(text.slice(done, found.index), `"${token}"`);
      done = tokens.lastIndex;
    }
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(done);
}

/** A zero in front is no JSON, and must stay an error. */
function isValidNumber(token: string): boolean {
  return !/^-?0\d/.test(token);
}

/** Behind the quotation mark that ends the string. Not by a regular expression: one overflows on a long text with many escapes. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}
