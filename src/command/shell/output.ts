import { writeSync } from "node:fs";
import type { TextLine, Tone } from "#parts";
import { errorCode } from "../../core/errors.ts";
import { CommandError, EXIT } from "../exit.ts";
import { type Sayable, say, separated, type Told, told } from "../say.ts";

// stdout gets the result alone, at the end. Everything passes through `visible`: texts of other systems could control
// the terminal.
export class Output {
  readonly json: boolean;
  quiet = false;

  constructor(json: boolean) {
    this.json = json;
  }

  get isTerminal(): boolean {
    return process.stderr.isTTY === true && process.env.TERM !== "dumb";
  }

  // Undefined if stdout is a file or a pipe.
  get columns(): number | undefined {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  }

  note(text: string): void {
    if (!this.quiet) writeError("", "", text);
  }

  warn(text: string): void {
    if (!this.quiet) writeError("33", say("warning_label"), text);
  }

  error(text: string): void {
    writeError("31", say("error_label"), text);
  }

  result(text: string | readonly TextLine[], json: unknown): void {
    if (this.json) this.raw(JSON.stringify(json, undefined, 2));
    else this.text(text);
  }

  text(given: string | readonly TextLine[]): void {
    const { isTTY, columns } = process.stdout;
    const lines = typeof given === "string" ? [{ text: given, tone: undefined }] : given;
    const shown = lines.map(({ text, ...look }) => {
      const fitting = { ...look, text: visible(isTTY ? wrapped(text, columns) : text) };
      return isTTY && process.stdout.hasColors() ? coloured(fitting) : fitting.text;
    });
    writeFully(1, ended(shown.join("\n")));
  }

  raw(text: string): void {
    writeFully(1, visible(ended(text)));
  }
}

function ended(text: string): string {
  return text.endsWith("\n") || text === "" ? text : `${text}\n`;
}

// Node obeys NO_COLOR, FORCE_COLOR, TERM and CI.
function paint(code: string, text: string): string {
  const hasColour = text !== "" && process.stderr.isTTY && process.stderr.hasColors();
  return hasColour ? `\u001b[${code}m${text}\u001b[39m` : text;
}

// A terminal that went away or a full disk must not end a run.
function writeError(colour: string, label: string, text: string): void {
  try {
    const { isTTY, columns } = process.stderr;
    const all = label === "" ? text : `${label} ${text}`;
    const fitting = visible(isTTY ? wrapped(all, columns) : all);
    writeFully(2, `${paint(colour, label)}${fitting.slice(label.length)}\n`);
  } catch {
    // No other place is left to report it.
  }
}

// Writes synchronously, so that the end of the process cuts nothing off. A closed pipe (`| head`) is no error; a full
// disk is.
function writeFully(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EPIPE") return;
      // The pipe is full: try until the reader has taken something.
      if (code !== "EAGAIN") {
        const reason = code === "ENOSPC" ? told("disk_full") : String(code);
        throw new CommandError("output", told("result_not_written", { reason }));
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

// Characters that a terminal obeys: C0, DEL, C1 and bidi marks, without tabs and line breaks.
const OBEYED = /(?![\t\n]|\r\n)[\p{Cc}\p{Bidi_Control}]/gu;

// Shows such characters as `\u001b`, so JSON stays valid.
export function visible(text: string): string {
  return text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const COLOURS: Readonly<Record<Tone, number>> = { good: 32, notable: 33, bad: 31 };

export function coloured({ text, tone, isStrong = false }: TextLine): string {
  if (text === "") return text;
  const strong = isStrong ? `\u001b[1m${text}\u001b[22m` : text;
  return tone === undefined ? strong : `\u001b[${COLOURS[tone]}m${strong}\u001b[39m`;
}

export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .flatMap((cell, column) => (widths[column] === 0 ? [] : [cell.padEnd(widths[column] ?? 0)]))
      .join("  ")
      .trimEnd(),
  );
}

export function toneOfRun(exitCode: number | undefined): Tone | undefined {
  if (exitCode === undefined || exitCode === EXIT.success) return undefined;
  return exitCode === EXIT.partly || exitCode === EXIT.unsendable ? "notable" : "bad";
}

const NARROWEST = 20;

// A wrapped line continues under its value, as in `last run: complete`. No word is broken.
export function wrapped(text: string, width: number): string {
  // A terminal that does not know its width reports 0.
  if (!(width >= NARROWEST)) return text;
  return text
    .split("\n")
    .map((line) => (line.length <= width ? line : wrapLine(line, width)))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  const [label = ""] = /^[^\s:][^:]{0,24}: +/.exec(line) ?? [];
  const indent = " ".repeat(label.length > 0 ? label.length : line.length - line.trimStart().length + 4);
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

export function firstTold(lines: readonly Told[], most: number): Sayable {
  const more = lines.length - most;
  return separated(more > 0 ? [...lines.slice(0, most), told("lines_more", { more })] : lines, "\n");
}

export function firstLines(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more > 0 ? [...lines.slice(0, most), say("lines_more", { more })] : [...lines];
}
