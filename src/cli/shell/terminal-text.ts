/** Colours of a terminal. */
const [RED, GREEN, YELLOW] = [31, 32, 33];

/** The colours of the lists and counts of a plan or a report, by their first word. What has none is read as it is. */
const COLOURS: Readonly<Record<string, number>> = {
  ...{ New: GREEN, new: GREEN, created: GREEN, Changed: YELLOW, changed: YELLOW, updated: YELLOW },
  ...{ Held: YELLOW, held: YELLOW, Warnings: YELLOW, Suspicious: YELLOW },
  ...{ Refused: RED, Failed: RED, failed: RED, Invalid: RED, invalid: RED, Stopped: RED },
};

/** Gives colours to headings (`New:`) and counts (`  12  held: …`). */
export function coloured(text: string): string {
  return text.replace(/^(?:[A-Z]\w+(?: [\w ]+)?:$| +[\d,]+ {2}\w+)/gm, (part) => {
    const colour = COLOURS[/[A-Za-z]+/.exec(part)?.[0] ?? ""];
    return colour === undefined ? part : `\u001b[${colour}m${part}\u001b[39m`;
  });
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
