import { Html, html } from "./html.ts";

/** The script and the style of a page, and their hashes for its policy. Made by scripts/make-page-assets.ts. */
export interface PageAssets {
  readonly script: string;
  readonly scriptHash: string;
  readonly style: string;
  readonly styleHash: string;
}

/** The parts of a page that differ from those of other pages. */
export interface PageParts {
  readonly language: string;
  readonly title: string;
  /** Below the title. */
  readonly lead: Html;
  /** The link to what a reader by keyboard wants first. */
  readonly skip: { readonly to: string; readonly text: string };
  readonly main: Html;
  readonly footer: Html;
  /** For the script, as JSON. */
  readonly data?: Html | undefined;
  readonly assets: PageAssets;
}

/** A page as one file. It loads nothing: the policy in its head allows no network, and only the script and style it carries. */
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
