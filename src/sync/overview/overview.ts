import { capitalised } from "../../locales/grammar.ts";
import type { Label, Language } from "../language.ts";
import type { TextLine, Tone } from "../types/text-line.ts";

/** A plan or a report for people. Every form of it is rendered from this, so that all forms say the same. */
export interface Overview {
  /** In lower case: `plan Abc123: 12 records`. */
  readonly title: string;
  /** How many users, or records, of each kind. */
  readonly amounts: readonly (readonly [amount: number, what: string, tone?: Tone])[];
  /** Other facts, in a few words each. */
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
  readonly language: Language;
}

/** A list of users, records or sentences. */
export interface Section {
  readonly title: string;
  /** The heading of each cell of a row. */
  readonly columns: readonly string[];
  readonly count: number;
  /** The first rows, at most as many as `most`. The last cells of a row may be empty. */
  readonly rows: (most: number) => readonly (readonly string[])[];
  /** Whether it is read first: why nothing, or not everything, was sent. */
  readonly isUrgent: boolean;
  readonly tone: Tone | undefined;
}

/** Makes sections with their title and columns in the language. */
export function sectionsIn({ say }: Language) {
  return <T>(
    title: Label,
    columns: readonly Label[],
    items: readonly T[],
    row: (item: T) => readonly string[],
    { tone, isUrgent = false }: { readonly tone?: Tone; readonly isUrgent?: boolean } = {},
  ): Section => ({
    ...{ title: say(title), columns: columns.map((one) => say(one)) },
    ...{ count: items.length, rows: (most) => items.slice(0, most).map(row), isUrgent, tone },
  });
}

/** Several lines, for a terminal or a log. */
export function asText(overview: Overview, most?: number): string {
  return asLines(overview, most)
    .map(({ text }) => text)
    .join("\n");
}

export function asLines({ title, amounts, notes, sections, language }: Overview, most = LINES): TextLine[] {
  const { number } = language;
  const shown = amounts.filter(([amount]) => amount > 0);
  const width = Math.max(0, ...shown.map(([amount]) => number(amount).length));
  return [
    plain(capitalised(title)),
    ...shown.map(([amount, what, tone]) => ({ text: `  ${number(amount).padStart(width)}  ${what}`, tone })),
    ...notes.map((note) => plain(`  ${note}`)),
    ...sections.flatMap((one) => sectionLines(one, most, language)),
  ];
}

function plain(text: string): TextLine {
  return { text, tone: undefined };
}

/** At most this many rows of a section in a text. */
const LINES = 10;

function sectionLines({ title, count, rows, tone }: Section, most: number, language: Language): TextLine[] {
  if (count === 0) return [];
  const lines = rows(most).map(([first = "", ...others]) => {
    const rest = others.filter((cell) => cell !== "").join(". ");
    return rest === "" ? `  ${first}` : `  ${first}  ${rest}`;
  });
  const more = moreThan(most, count, language).map((rest) => `  ${rest}`);
  return [plain(""), { text: language.overview.heading({ title }), tone }, ...[...lines, ...more].map(plain)];
}

/** For a pull-request comment or the summary of a CI job. */
export function asMarkdown({ title, amounts, notes, sections, language }: Overview, most = ROWS): string {
  const { number, say } = language;
  const shown = amounts.filter(([amount]) => amount > 0).map(([amount, what]) => [number(amount), what]);
  return [
    `### Oplead ${escapeMarkdown(title)}`,
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `- ${escapeMarkdown(note)}`)]),
    ...sections.filter(({ isUrgent }) => isUrgent).flatMap((one) => paragraphs(one, most, language)),
    ...(shown.length === 0 ? [] : ["", ...table([say("users"), ""], shown)]),
    ...sections.filter(({ isUrgent }) => !isUrgent).flatMap((one) => foldedTable(one, most, language)),
    "",
  ].join("\n");
}

/** At most this many rows of a section in Markdown. */
const ROWS = 50;

function paragraphs({ title, rows }: Section, most: number, { overview }: Language): string[] {
  return rows(most).flatMap((cells) => ["", `**${overview.heading({ title })}** ${escapeMarkdown(cells.join(". "))}`]);
}

function foldedTable({ title, columns, count, rows }: Section, most: number, language: Language): string[] {
  if (count === 0) return [];
  const more = moreThan(most, count, language).flatMap((line) => ["", line]);
  const heading = `<details><summary>${title} (${language.number(count)})</summary>`;
  return ["", heading, "", ...table(columns, rows(most)), ...more, "", "</details>"];
}

function moreThan(most: number, count: number, { overview }: Language): string[] {
  return count > most ? [overview.more({ amount: count - most })] : [];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)];
}

/** Text that stays text: it can neither end its cell, nor become HTML, a link, a mention or emphasis. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[^\S\u00a0\u202f]+/g, " ")
    .replace(/[\\`*_{}[\]<>|#@!~&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
