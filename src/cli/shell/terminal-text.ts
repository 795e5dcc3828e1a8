import type { TextLine, Tone } from "oplead-sdk/sync";

const COLOURS: Readonly<Record<Tone, number>> = { good: 32, notable: 33, bad: 31 };

export function coloured({ text, tone }: TextLine): string {
  return tone === undefined || text === "" ? text : `\u001b[${COLOURS[tone]}m${text}\u001b[39m`;
}

/** Columns below which lines are not broken. */
const NARROWEST = 20;

/** Lines that are no longer than this break between words, and go on a little to the right. A longer word stays whole. */
export function wrapped(text: string, width: number): string {
  // A terminal that does not know its size says 0.
  if (!(width >= NARROWEST)) return text;
  return text
    .split("\n")
    .map((line) => (line.length <= width ? line : wrapLine(line, width)))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  const indent = `${/^ */.exec(line)?.[0] ?? ""}    `;
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\S)(?= )/)) {
    if (current === "" || current.length + word.length <= width) current += word;
    else {
      lines.push(current);
      current = indent + word.trimStart();
    }
  }
  return [...lines, current].join("\n");
}
