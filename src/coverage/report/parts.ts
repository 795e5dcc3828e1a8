import * as assets from "../../../generated/report-assets.ts";
import { documentOf } from "../../base/page/document.ts";
import { type Html, html } from "../../base/page/html.ts";
import { ASSUMPTIONS } from "../../locales/en/findings.ts";
import { ASSUMPTIONS_FR } from "../../locales/fr/findings.ts";
import { assumptionTextBy } from "../assumptions.ts";
import type { Network } from "../network/network.ts";
import type { AssumptionName, Assumptions, CoverageResult } from "../types.ts";
import type { Figure } from "./map/figures.ts";
import type { CoverageWords, Label, PageTexts } from "./words.ts";

export interface Heading {
  readonly title: string;
  readonly company: string | undefined;
  /** `2026-01-31` */
  readonly date: string;
}

export function documentIn(
  { title, company, date }: Heading,
  {
    lead,
    ...parts
  }: { readonly lead: string; readonly skip: { to: string; text: string }; readonly main: Html; readonly data?: Html },
  words: CoverageWords<PageTexts>,
): Html {
  return documentOf({
    language: words.language,
    title,
    lead: html`<b>${company === undefined ? "" : `${company} · `}<time datetime="${date}">${words.date(date)}</time></b><br>${lead}`,
    ...parts,
    footer: html`<p>${words.say("sources")}</p>`,
    assets,
  });
}

export function section(
  id: string,
  title: Label,
  content: Html,
  words: CoverageWords<PageTexts>,
  isHeadingHidden = false,
): Html {
  return html`<section aria-labelledby="${id}-title"><h2 id="${id}-title"${isHeadingHidden ? html` class="hidden"` : ""}>${words.say(title)}</h2>
${content}</section>`;
}

function assumptionIn(name: AssumptionName, assumptions: Assumptions, { language }: CoverageWords<PageTexts>): string {
  return assumptionTextBy(language === "fr" ? ASSUMPTIONS_FR : ASSUMPTIONS, name, assumptions);
}

export function assumptionsIn({ assumptions }: Network, result: CoverageResult, words: CoverageWords<PageTexts>): Html {
  return html`<p>${words.say("how_rules_combine")}</p>
<dl>${result.assumptions.map((name) => html`<dt><code>${name}</code></dt><dd>${assumptionIn(name, assumptions, words)}</dd>`)}</dl>`;
}

export function figuresSection(figures: readonly Figure[], words: CoverageWords<PageTexts>): Html {
  const items = figures.map(
    ({ value, label, detail, tone }) =>
      html`<li class="${tone}"><b>${value}</b> <span>${label}</span> <small>${detail}</small></li>`,
  );
  return section("figures", "title_figures", html`<ul class="figures">${items}</ul>`, words, true);
}
