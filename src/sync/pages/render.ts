import * as assets from "../../../generated/plan-page-assets.ts";
import { documentOf, type Html, html } from "../../core/page.ts";
import { fieldName } from "../language.ts";
import { type Figure, grouped, type Item, type Kind, type Section } from "../overview/overview.ts";
import type { GuardLimit } from "../types/records.ts";
import type { PageLanguage } from "./words.ts";

export interface PageContent {
  // The verdict.
  readonly title: string;
  // When, by whom, from what.
  readonly lead: string;
  readonly tone: "good" | "warn" | "bad";
  readonly consequences: readonly string[];
  readonly more: readonly (Html | undefined)[];
  readonly figures: readonly Figure[];
  readonly warnings: readonly string[];
  readonly middle?: readonly (Html | undefined)[];
  readonly lists: readonly (readonly [title: string, sections: readonly Section[]])[];
}

export function renderPage(content: PageContent, words: PageLanguage): string {
  const { title, lead, tone, consequences, more, figures, warnings, middle } = content;
  const { page, say, language } = words;
  const byKind = content.lists.map(([heading, ofList]) => [heading, ofList.map(groupedIn)] as const);
  const most = mostGroupsOf(byKind.flatMap(([, kinds]) => kinds));
  const lists = byKind.map(
    ([heading, kinds]) => [heading, kinds.flatMap((one) => groupsOf(one, most, words))] as const,
  );
  const groups = lists.flatMap(([, ofList]) => ofList);
  const seen = new Set<Kind>();
  const open = openOnes(groups);
  const options = new FilterOptions();
  const sections: Html[] = [];
  for (const [index, [heading, ofList]] of lists.entries()) {
    if (ofList.length === 0) continue;
    const items: Html[] = [];
    for (const group of ofList) {
      const id = seen.has(group.kind) ? undefined : `kind-${group.kind}`;
      seen.add(group.kind);
      items.push(groupItem(group, { id, isOpen: open.has(group) }, options, words));
    }
    sections.push(
      html`<section class="list" aria-labelledby="list-${index}"><h2 id="list-${index}">${heading}</h2>${items}</section>`,
    );
  }
  const main = html`<section class="verdict-card ${tone}" aria-labelledby="verdict-title"><h2 id="verdict-title" class="hidden">${say("verdict")}</h2>
${consequences.map((text) => html`<p class="verdict">${inCode(text)}</p>`)}
${more}</section>
<section aria-labelledby="figures-title"><h2 id="figures-title" class="hidden">${say("at_a_glance")}</h2><ul class="figures">${figures
    .filter(({ amount }) => amount > 0)
    .map((figure) => figureItem(figure, seen, words))}</ul></section>
${middle}
${warnings.length === 0 ? undefined : html`<section aria-labelledby="warnings-title"><h2 id="warnings-title">${say("hints")}</h2>${sentences(warnings, page)}</section>`}
<div id="lists">${groups.length === 0 ? undefined : filters(groups, options, words)}${sections}<p id="no-match" class="note" hidden>${say("no_match")}</p></div>`;
  return documentOf({
    language,
    title,
    lead: inCode(lead),
    skip: { to: "lists", text: say("skip_to_lists") },
    main,
    footer: html`<p>oplead-sdk</p>`,
    assets,
  }).text;
}

// Hints shown at first.
const SENTENCES = 6;

export function sentences(all: readonly string[], page: PageLanguage["page"]): Html | undefined {
  if (all.length === 0) return undefined;
  const list = (some: readonly string[]) =>
    html`<ul class="reasons">${some.map((sentence) => html`<li>${inCode(sentence)}</li>`)}</ul>`;
  if (all.length <= SENTENCES + 1) return list(all);
  const rest = all.slice(SENTENCES);
  return html`${list(all.slice(0, SENTENCES))}<details><summary>${page.more({ count: rest.length })}</summary>${list(rest)}</details>`;
}

export function inCode(sentence: string): Html {
  const parts = sentence.split(/`([^`]+)`/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

// Kinds that need a person. Only these have a colour.
const NEED_A_PERSON: ReadonlySet<Kind> = new Set(["failed", "held", "invalid", "duplicate", "twin", "not_moved"]);

function figureItem({ amount, kind }: Figure, listed: ReadonlySet<Kind>, words: PageLanguage): Html {
  const title = words.say(`title_${kind}`);
  const label = listed.has(kind) ? html`<a href="#kind-${kind}">${title}</a>` : title;
  const look = NEED_A_PERSON.has(kind) ? html` class="bad"` : undefined;
  return html`<li${look}><b>${words.number(amount)}</b> <span>${label}</span></li>`;
}

interface Group extends Pick<Item, "text" | "advice"> {
  readonly kind: Kind;
  readonly items: readonly Item[];
}

// Groups of each kind: the first limit with which the page has at most `MOST_ON_PAGE`. The smallest groups are joined.
const MOST_GROUPS = [30, 12, 8, 5, 3];
const MOST_ON_PAGE = 28;

interface Grouped extends Pick<Section, "kind" | "role"> {
  readonly bySize: Item[][];
}

function groupedIn({ kind, role, items }: Section): Grouped {
  const each = [...items].flatMap((item) => item.parts ?? [item]);
  return { kind, role, bySize: grouped(each, ({ text, advice }) => `${text}\n${advice}`) };
}

// Items with a text of their own that stand alone. More become one list.
const MOST_SINGLE = 3;

function mostGroupsOf(all: readonly Grouped[]): number {
  const least = 2;
  const fits = (most: number) =>
    all.reduce((sum, { bySize }) => sum + Math.min(bySize.length, most + 1), 0) <= MOST_ON_PAGE;
  return MOST_GROUPS.find(fits) ?? least;
}

function groupsOf({ kind, role, bySize }: Grouped, most: number, { say }: PageLanguage): Group[] {
  const several = bySize.filter(({ length }) => length > 1).length;
  const kept = role !== "sent" && bySize.length - several > MOST_SINGLE ? Math.min(most, several) : most;
  const rest = bySize.length > kept + 1 ? bySize.splice(kept).flat() : [];
  const groups = bySize.map((items): Group => {
    const { text = "", advice } = items[0] ?? {};
    return { kind, text, advice, items };
  });
  const [first] = rest;
  const shared = rest.every(({ advice }) => advice === first?.advice) ? first?.advice : undefined;
  const merged = rest.map((item) => {
    const { text, advice = "", notes } = item;
    return { ...item, notes: [shared === undefined ? `${text} ${advice}`.trimEnd() : text, ...notes] };
  });
  const title = role === "sent" ? say("other_combinations") : say("own_reasons");
  const others: Group = { kind, text: title, advice: shared, items: merged };
  return merged.length === 0 ? groups : [...groups, others];
}

export function gauges(all: readonly GuardLimit[], { page, say }: PageLanguage): Html | undefined {
  if (all.length === 0) return html`<p class="note">${say("guard_off")}</p>`;
  const limits = all.filter(({ users }) => users > 0);
  if (limits.length === 0) return undefined;
  const labels = {
    maxNew: say("limit_new"),
    maxChanged: say("limit_changed"),
    maxMoved: say("limit_moved"),
    maxInvalid: say("limit_invalid"),
    maxMissing: say("limit_missing"),
  };
  const names = [...new Set(limits.map(({ option }) => option))];
  const items = names.map((name) => {
    const [all, ofSegments] = [
      limits.find(({ option, segment }) => option === name && segment == null),
      limits.filter(({ option, segment }) => option === name && segment != null),
    ];
    const segments = ofSegments.map((limit) => html`<li><bdi>${limit.segment}</bdi> ${gauge(limit, page)}</li>`);
    return html`<li><span>${labels[name] ?? name}</span> ${all && gauge(all, page)}${segments.length === 0 ? undefined : html`<details><summary class="note">${say("closest_segments")}</summary><ul class="segments">${segments}</ul></details>`}</li>`;
  });
  return html`<section aria-labelledby="limits-title"><h2 id="limits-title">${say("limits")}</h2><ul class="gauges">${items}</ul></section>`;
}

function gauge({ users, most, among }: GuardLimit, page: PageLanguage["page"]): Html {
  const end = Math.max(most * 1.5, users, 1);
  const at = (amount: number): string => ((100 * amount) / end).toFixed(1);
  const tone = users > most ? "over" : "within";
  return html`<span class="note">${page.of_limit({ users, most, among })}</span>
<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="${tone}" width="${at(users)}" height="6"/><rect class="limit" x="${at(most)}" width="0.6" height="6"/></svg>`;
}

const OPEN_ENTRIES = 60;
const OPEN_GROUP = 12;

function openOnes(groups: readonly Group[]): Set<Group> {
  let left = OPEN_ENTRIES;
  return new Set(
    groups.filter(({ items: { length } }) => {
      if (length > Math.min(left, OPEN_GROUP)) return false;
      left -= length;
      return true;
    }),
  );
}

const CHUNK = 200;

// Entries that are printed. The style sheet has the same number. A search prints all that it finds.
const PRINTED_ENTRIES = 100;

export function notPrinted(count: number, page: PageLanguage["page"]): Html | undefined {
  return count > 0 ? html`<p class="note on-paper">${page.not_printed({ count })}</p>` : undefined;
}

function groupItem(
  { kind, text, advice, items }: Group,
  { id, isOpen }: { readonly id: string | undefined; readonly isOpen: boolean },
  options: FilterOptions,
  words: PageLanguage,
): Html {
  const { page, say, number } = words;
  const first = items[0]?.fields ?? [];
  const fields = options.of(first);
  const areSame = items.every((item) => item.fields === first || options.of(item.fields) === fields);
  const chunks: Html[] = [];
  for (let at = 0; at < items.length; at += CHUNK) {
    const part = items.slice(at, at + CHUNK);
    const entries = part.map((item) => entryOf(item, areSame ? undefined : options.of(item.fields), options));
    const list = html`<ul class="entries${entries.length === CHUNK ? " long" : ""}">${entries}</ul>`;
    // The style sheet shows only the first of the closed chunks.
    const next = page.next_entries({ count: entries.length, left: items.length - at });
    chunks.push(at === 0 ? list : html`<details class="chunk"><summary>${next}</summary>${list}</details>`);
  }
  const examples = items.slice(0, 3).map(nameOf);
  const codes = areSame ? first.join(", ") : "";
  const isOfRecords = kind === "invalid" || kind === "duplicate";
  const all = page[isOfRecords ? "records" : "users"]({ count: items.length });
  return html`<details class="group" data-kind="${kind}"${areSame ? html` data-fields="${fields}"` : undefined}${id && html` id="${id}"`}${isOpen ? html` open` : undefined}>
<summary><span class="tag${NEED_A_PERSON.has(kind) ? " bad" : ""}">${say(`title_${kind}`)}</span> <b><span class="count">${number(items.length)}</span> ${all}</b> <span class="what"${codes === "" ? undefined : html` title="${codes}"`}>${text}</span> <small class="examples">${examples.map((name, index) => html`${index > 0 ? ", " : ""}<bdi>${name}</bdi>`)}${items.length > 3 ? ", …" : ""}</small></summary>
${advice && html`<p class="note">${inCode(advice)}</p>`}${chunks}${notPrinted(items.length - PRINTED_ENTRIES, page)}</details>
`;
}

// The style isolates names like `<bdi>`: a name written from right to left would reverse the text beside it.
function entryOf(item: Item, fields: string | undefined, options: FilterOptions): Html {
  const { name, place, segment, notes } = item;
  const all = [...(name === undefined ? [] : [place]), segment, ...notes].filter((one) => one !== undefined);
  const data = fields === undefined ? undefined : html` data-fields="${fields}"`;
  if (segment !== undefined) options.segments.add(segment);
  const inSegment = segment === undefined ? undefined : html` data-segment="${segment}"`;
  const small = all.length === 0 ? undefined : html` <small>${inCode(all.join(" · "))}</small>`;
  return html`<li${data}${inSegment}><b>${nameOf(item)}</b>${small}</li>`;
}

function nameOf({ name, place }: Item): string {
  return name ?? place ?? "";
}

class FilterOptions {
  readonly fields = new Set<string>();
  readonly segments = new Set<string>();
  // Entries with the same fields share one array.
  readonly #known = new Map<readonly string[], string>();

  // Names of fields with a space before and after each, for `includes`.
  of(fields: readonly string[]): string {
    const known = this.#known.get(fields);
    if (known !== undefined) return known;
    for (const field of fields) this.fields.add(field);
    const text = fields.length === 0 ? "" : ` ${fields.map((field) => field.replaceAll(" ", "_")).join(" ")} `;
    this.#known.set(fields, text);
    return text;
  }
}

function filters(groups: readonly Group[], { fields, segments }: FilterOptions, words: PageLanguage): Html {
  const { say } = words;
  const select = (id: string, label: string, options: readonly (readonly [value: string, text: string])[]) =>
    options.length < 2
      ? undefined
      : html`<p class="field"><label for="${id}">${label}</label><select id="${id}"><option value="">${say("all")}</option>${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select></p>`;
  const named = [...fields].map((field) => [field.replaceAll(" ", "_"), fieldName(words, field)] as const);
  return html`<form id="filters" class="only-script" role="search">
<p class="field wide"><label for="search">${say("search")}</label><input id="search" type="search" autocomplete="off"></p>
${select(
  "kind",
  say("kind"),
  [...new Set(groups.map(({ kind }) => kind))].map((kind) => [kind, say(`title_${kind}`)] as const),
)}
${select(
  "field",
  say("field_or_rule"),
  named.sort(([, a], [, b]) => (a < b ? -1 : 1)),
)}
${select(
  "segment",
  say("segment"),
  [...segments].sort().map((name) => [name, name] as const),
)}
</form>`;
}
