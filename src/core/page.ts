import { htmlEscape } from "escape-goat";

// These functions insert foreign text safely into what the package writes: JavaScript, pages, their map, CSV.

// Characters that are escaped. A line separator in a text, for example, would end a comment.
const SPECIAL = /[\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

export function jsLiteral(value: unknown): string {
  return (
    JSON.stringify(value)
      .replace(SPECIAL, escaped)
      // In JSON these characters occur only inside strings, where an escape means the same.
      .replace(/[<`]|\$(?=\{)|\*(?=\/)/g, escaped)
  );
}

export function jsComment(text: string): string {
  return `// ${text
    .replace(SPECIAL, escaped)
    .replaceAll("*/", "*\\/")
    .replace(/<(?=[/!])/g, "<\\")}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly Part[];

export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + render(values[index])).join(""));
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapedText(String(part));
}

function escapedText(text: string): string {
  return /[&"'<>]/.test(text) ? htmlEscape(text) : text;
}

export function jsonInScript(value: unknown): Html {
  return new Html(jsLiteral(value).replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"));
}

// The assets are made by scripts/make-page-assets.ts. The hashes are for the content security policy.
interface PageAssets {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

interface PageParts {
  readonly language: string;
  readonly title: string;
  readonly lead: Html;
  readonly skip: { readonly to: string; readonly text: string };
  readonly main: Html;
  readonly footer: Html;
  readonly data?: Html | undefined;
  readonly assets: PageAssets;
}

// The page loads nothing: its policy allows only its own script and style, and no network.
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

export const MAP = { width: 1226, height: 1170 } as const;

// Mercator projection, as for the outlines of the map, fitted so that 99.7 % of 8,771 towns lie in the outline of their
// département.
export function project(latitude: number, longitude: number): [number, number] {
  const north = (Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) * 180) / Math.PI;
  return [2 * (215.2375 + 41.50625 * longitude), 2 * (2466.76328 - 41.36406 * north)];
}

// Writes a line by RFC 4180. docs/explain/decisions.md says why without a library.
export function csvLine(cells: readonly string[], delimiter = ","): string {
  return cells
    .map(short)
    .map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(delimiter);
}

// Excel takes at most 32,767 characters in a cell, and a longer one damages the rows below it.
const LONGEST_CELL = 32_000;

function short(cell: string): string {
  return cell.length <= LONGEST_CELL ? cell : `${cell.slice(0, LONGEST_CELL - 1)}…`;
}

export function safeCell(value: string | number): string {
  const text = String(value);
  // Spreadsheets skip leading white space, and read a full-width sign as the plain sign.
  return /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
}
