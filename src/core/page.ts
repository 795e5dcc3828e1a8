import { htmlEscape } from "escape-goat";

/*
 * Inserts foreign text safely into the formats that the package writes: JavaScript, HTML pages, the map on a page, and
 * CSV.
 */

/*
 * Code that writes JavaScript with texts in it uses `jsLiteral` and `jsComment`, because a line separator in a text
 * would end a comment, and `</script>` would end the script of a page.
 */

/** Characters that end a line, are invisible, or change the direction of writing. */
const SPECIAL = /[\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A JSON value as a JavaScript literal. The literal is safe inside a script element, a template and a comment. */
export function jsLiteral(value: unknown): string {
  return (
    JSON.stringify(value)
      .replace(SPECIAL, escaped)
      // In JSON these characters occur only inside strings, where an escape means the same.
      .replace(/[<`]|\$(?=\{)|\*(?=\/)/g, escaped)
  );
}

/** A JavaScript comment that stays on one line, whatever the text holds. */
export function jsComment(text: string): string {
  return `// ${text
    .replace(SPECIAL, escaped)
    .replaceAll("*/", "*\\/")
    .replace(/<(?=[/!])/g, "<\\")}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** HTML that is inserted into a page without being escaped. All other text is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly Part[];

/** A template whose values are escaped, so that a name cannot become an element, an attribute or a script. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + render(values[index])).join(""));
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapedText(String(part));
}

/** Escapes a text for HTML. Texts without special characters, which are most, are returned at once. */
function escapedText(text: string): string {
  return /[&"'<>]/.test(text) ? htmlEscape(text) : text;
}

/** JSON inside a script element: no text in it can end the element or begin a comment. */
export function jsonInScript(value: unknown): Html {
  return new Html(jsLiteral(value).replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"));
}

/**
 * The script and the style of a page, and their hashes for the page's content security policy. Made by
 * scripts/make-page-assets.ts.
 */
interface PageAssets {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

/** The parts of a page that differ from page to page. */
interface PageParts {
  readonly language: string;
  readonly title: string;
  /** The text below the title of the page. */
  readonly lead: Html;
  /** The link that takes a keyboard user to the main part. */
  readonly skip: { readonly to: string; readonly text: string };
  readonly main: Html;
  readonly footer: Html;
  /** The data for the page's script: JSON that is safe inside a script element. */
  readonly data?: Html | undefined;
  readonly assets: PageAssets;
}

/**
 * A page as one file that loads nothing else: the policy in its head allows no network access, and only the page's own
 * script and style.
 */
export function documentOf({ language, title, lead, skip, main, footer, data, assets }: PageParts): Html {
  const policy = `default-src 'none'; script-src '${assets.scriptHash}'; style-src '${assets.styleHash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>${new Html(assets.style)}</style></head>
<body>
<a class="skip" href="#${skip.to}">${skip.text}</a>
<header><h1>${title}</h1>
<p>${lead}</p></header>
<main>
${main}
</main>
<footer>${footer}</footer>
${data && html`<script type="application/json" id="data">${data}</script>`}
<script type="module">${new Html(assets.script)}</script>
</body></html>
`;
}

/** The map of France is drawn in a box of this size. */
export const MAP = { width: 1226, height: 1170 } as const;

/**
 * The point of the map at a latitude and longitude. The map's outlines are in the Mercator projection; the numbers were
 * fitted so that 99.7 % of 8,771 towns lie in the outline of their département.
 */
export function project(latitude: number, longitude: number): [number, number] {
  const north = (Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) * 180) / Math.PI;
  return [2 * (215.2375 + 41.50625 * longitude), 2 * (2466.76328 - 41.36406 * north)];
}

/**
 * A line of CSV as RFC 4180 describes it, without the line break at its end. A cell that holds a character which some
 * program may read as a separator is put in quotation marks. docs/explain/decisions.md says why this is not left to a
 * library.
 */
export function csvLine(cells: readonly string[], delimiter = ","): string {
  return cells
    .map(short)
    .map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(delimiter);
}

/** Excel takes at most 32,767 characters in a cell, and a longer cell damages the rows below it. */
const LONGEST_CELL = 32_000;

function short(cell: string): string {
  return cell.length <= LONGEST_CELL ? cell : `${cell.slice(0, LONGEST_CELL - 1)}…`;
}

/**
 * A cell that is safe to open in a spreadsheet: a text that would run as a formula gets an apostrophe in front, which
 * makes it text.
 */
export function safeCell(value: string | number): string {
  const text = String(value);
  // Spreadsheets skip leading white space, and read a full-width sign as the plain sign.
  return /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
}
