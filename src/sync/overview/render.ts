import { csvLine, safeCell } from "../../core/page.ts";
import { capitalised } from "../../locales/grammar.ts";
import { fieldName, type Language } from "../language.ts";
import type { TextLine } from "../types/records.ts";
import type { Explained, RenderOptions } from "../types/report.ts";
import {
  type CsvRow,
  type Figure,
  type Item,
  type Items,
  isProblemRow,
  nameOf,
  type Overview,
  type Section,
} from "./overview.ts";

interface Extent {
  readonly all?: boolean | undefined;
}

const LINES = 10;
const ROWS = 50;
const READ_ONE_BY_ONE = 10;
const EXAMPLES = 3;

export function asText(overview: Overview, extent?: Extent): string {
  return asLines(overview, extent)
    .map(({ text }) => text)
    .join("\n");
}

export function asLines(overview: Overview, extent: Extent = {}): TextLine[] {
  const { headline, title, consequence, first, figures, notes, sections, language } = overview;
  const { number } = language;
  const linesOf = (some: readonly Section[]) => some.flatMap((one) => sectionLines(one, extent, language));
  const why = linesOf(sections.filter(isUrgent));
  // Causes are left out for a few changes, which are listed one by one instead.
  const causes = areMany(sections) ? overview.causes : [];
  const shown = shownFigures(figures).map((figure) => {
    // The causes name the fields already.
    const isTold = figure.kind === "changed" && causes.length > 0;
    return isTold ? { ...figure, words: language.overview.changed({ fields: "" }) } : figure;
  });
  const width = Math.max(0, ...shown.map(({ amount }) => number(amount).length));
  return [
    ...(headline === undefined ? [] : [strong(headline)]),
    headline === undefined ? strong(capitalised(title)) : plain(capitalised(title)),
    ...[consequence ?? [], first].flat().map((text): TextLine => ({ text: `  ${text}`, tone: "notable" })),
    ...causes.map(({ text, segments }) => plain(`  ${[text, ...segments].join(" · ")}`)),
    ...why,
    ...(why.length === 0 ? [] : [plain("")]),
    ...shown.map(({ amount, words, tone }) => ({ text: `  ${number(amount).padStart(width)}  ${words}`, tone })),
    ...notes.map((note) => plain(`  ${note}`)),
    ...linesOf(sections.filter((one) => !isUrgent(one))),
  ];
}

function isUrgent({ role }: Section): boolean {
  return role === "why";
}

function areMany(sections: readonly Section[]): boolean {
  return sections.some(({ kind, items }) => kind === "changed" && items.length > READ_ONE_BY_ONE);
}

function shownFigures(figures: readonly Figure[]): readonly Figure[] {
  return figures.filter(({ amount }) => amount > 0);
}

function plain(text: string): TextLine {
  return { text, tone: undefined };
}

function strong(text: string): TextLine {
  return { text, tone: undefined, isStrong: true };
}

function signOf({ kind, role }: Section): string {
  if (kind === "leaver") return "- ";
  return role === "sent" && kind !== "moved" ? (kind === "new" ? "+ " : "~ ") : "";
}

function sectionLines(section: Section, { all }: Extent, language: Language): TextLine[] {
  const { title, items, tone } = section;
  if (items.length === 0) return [];
  const { rows, after } = tableOf(section, all, LINES, language);
  const lines = rows.map(([first = "", ...others]) =>
    [first, sentences(others)].filter((part) => part !== "").join("  "),
  );
  const heading = { text: language.overview.heading({ title }), tone, isStrong: true };
  // Rows of what is sent have the tone of their heading, which may have scrolled away.
  const ofRow = section.role === "sent" ? tone : undefined;
  const sign = signOf(section);
  return [
    plain(""),
    heading,
    ...lines.map((line): TextLine => ({ text: `  ${sign}${line}`, tone: ofRow })),
    ...after.map((line) => plain(`  ${line}`)),
  ];
}

function sentences(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== "")
    .map((text, index, all) => (index === all.length - 1 || /[.…]$/.test(text) ? text : `${text}.`))
    .join(" ");
}

export function asMarkdown(overview: Overview, { all }: Extent = {}): string {
  const { headline, title, consequence, first, figures, notes, sections, language } = overview;
  const { number, say } = language;
  const amounts = shownFigures(figures).map(({ amount, words }) => [number(amount), words]);
  return [
    `### Oplead ${escapeMarkdown(title)}`,
    ...[headline, consequence, ...first].flatMap((text) => (text === undefined ? [] : ["", escapeMarkdown(text)])),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `- ${escapeMarkdown(note)}`)]),
    ...sections.filter(isUrgent).flatMap((one) => paragraphs(one, language)),
    ...(amounts.length === 0 ? [] : ["", ...table([say("users"), ""], amounts)]),
    ...sections.filter((one) => !isUrgent(one)).flatMap((one) => foldedTable(one, all, language)),
    "",
  ].join("\n");
}

function paragraphs({ title, items }: Section, { overview }: Language): string[] {
  return [...items].flatMap(({ alone }) => ["", `**${overview.heading({ title })}** ${escapeMarkdown(alone)}`]);
}

function foldedTable(section: Section, all: boolean | undefined, language: Language): string[] {
  const { title, items } = section;
  if (items.length === 0) return [];
  const { columns, rows, after } = tableOf(section, all, ROWS, language);
  const heading = `<details><summary>${title} (${language.number(items.length)})</summary>`;
  const below = after.flatMap((line) => ["", escapeMarkdown(line)]);
  return ["", heading, "", ...table(columns, rows), ...below, "", "</details>"];
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly after: readonly string[];
}

function tableOf({ kind, role, items }: Section, all: boolean | undefined, most: number, language: Language): Table {
  const { say, overview } = language;
  if (kind === "changed" && !all && items.length > READ_ONE_BY_ONE) return kindsOf(items, most, language);
  const listed = items.first(all ? items.length : most);
  const more = moreThan(items.length - listed.length, overview);
  if (role === "hint" || role === "why") {
    return { columns: [say("why")], rows: listed.map(({ alone }) => [alone]), after: more };
  }
  const rows = listed.map((item) => [nameOf(item), item.alone]);
  if (role === "sent") return { columns: [say("user"), say("sent")], rows, after: more };
  const shared = items.sharedAdvice();
  if (shared !== undefined) return { columns: [say("user"), say("why")], rows, after: [...more, shared] };
  const advised = rows.map((row, index) => [...row, listed[index]?.advice ?? ""]);
  return { columns: [say("user"), say("why"), say("advice")], rows: advised, after: more };
}

function moreThan(left: number, { more }: Language["overview"]): string[] {
  return left > 0 ? [more({ amount: left })] : [];
}

function kindsOf(items: Items, most: number, { say, overview, list }: Language): Table {
  const listed = items.alike().slice(0, most);
  const rows = listed.map((same) => {
    const examples = same.first(EXAMPLES);
    const [first] = examples as [Item];
    if (same.length === 1) return [overview.one_user({ name: nameOf(first), sent: first.alone })];
    const named = examples.map((item) => {
      return [nameOf(item), ...(item.notes.length === 0 ? [] : [`(${list(item.notes)})`])].join(" ");
    });
    const users = overview.users({ amount: same.length, sent: first.text });
    return [users, overview.for_example({ users: list(named) })];
  });
  const left = items.length - listed.reduce((sum, { length }) => sum + length, 0);
  return { columns: [say("users"), say("examples")], rows, after: moreThan(left, overview) };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(head), `| ${head.map(() => "---").join(" | ")} |`, ...rows.map(line)];
}

// Escapes what would end the cell or make HTML, a link, a mention or emphasis.
function escapeMarkdown(text: string): string {
  return text
    .replace(/[^\S\u00a0\u202f]+/g, " ")
    .replace(/[\\`*_{}[\]<>|#@!~&]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function rowsOf({ sections }: Overview): CsvRow[] {
  return sections
    .flatMap(({ items }) => [...items].flatMap(({ rows }) => rows))
    .sort((a, b) => orderOf(a) - orderOf(b));
}

export function explainedIn(overview: Overview): Explained[] {
  return rowsOf(overview).filter(isProblemRow);
}

function orderOf(row: CsvRow): number {
  if (!isProblemRow(row)) return -1;
  return typeof row.row === "number" ? row.row : Number.MAX_SAFE_INTEGER;
}

// RFC 4180.
export function asCsv(overview: Overview, given: RenderOptions): string {
  const { language = "en" } = given;
  const isFrench = language === "fr"; // as Excel on a French Windows expects it
  const { columns, words } = overview.language;
  const { labels, segments } = given;
  const absent = new Set([...(labels ? [] : ["label"]), ...(segments ? [] : ["segment"])]);
  const names = (Object.keys(columns) as (keyof typeof columns)[]).filter((name) => !absent.has(name));
  const cells = rowsOf(overview).map((row) => {
    const of: Partial<Explained> = isProblemRow(row) ? row : {};
    return {
      row: of.row,
      accountNumber: of.accountNumber,
      label: labels?.get(of.accountNumber ?? ""),
      segment: segments?.get(of.accountNumber ?? ""),
      problem: words[row.problem],
      step: of.step && (of.step === "user" ? words.user : words.rule({ name: fieldName(overview.language, of.step) })),
      field: of.column ?? (of.field && fieldName(overview.language, of.field)),
      reason: row.reason,
      advice: row.advice,
      opleadAnswer: of.opleadAnswer,
      code: row.code,
      status: of.status,
      since: of.since?.slice(0, 10),
      requestId: of.requestId,
    };
  });
  const lines = [names.map((name) => columns[name]), ...cells.map((row) => names.map((name) => row[name]))];
  const text = lines.map(
    (line) =>
      `${csvLine(
        line.map((cell) => safeCell(cell ?? "")),
        isFrench ? ";" : ",",
      )}\r\n`,
  );
  return (isFrench ? "\uFEFF" : "") + text.join("");
}
