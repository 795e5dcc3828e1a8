// The filters of the pages of plans and reports. Built into generated/plan-page-assets.ts.
import { byId, controlValue } from "../../core/client/page.ts";

interface Listed {
  readonly item: HTMLElement;
  readonly text: string;
  readonly fields: string;
}

const lower = (text: string | null): string => (text ?? "").toLowerCase();
const format = new Intl.NumberFormat(document.documentElement.lang);

const groups = [...document.querySelectorAll<HTMLDetailsElement>("details.group")].map((group) => ({
  group,
  count: group.querySelector(".count"),
  chunks: [...group.querySelectorAll<HTMLDetailsElement>(".chunk")],
  wasOpen: group.open,
}));
let lists: Listed[][] | undefined;

function listedIn(group: HTMLElement): Listed[] {
  const ofGroup = lower(group.querySelector(".what")?.textContent ?? "");
  return [...group.querySelectorAll<HTMLElement>("li")].map((item) => ({
    item,
    text: `${lower(item.textContent)} ${ofGroup}`,
    fields: item.dataset.fields ?? group.dataset.fields ?? "",
  }));
}

let wasFiltered = false;

function filter(): void {
  const [search, kind, field, segment] = ["search", "kind", "field", "segment"].map(controlValue);
  const wanted = lower(search ?? "");
  const isFiltered = [search, field, segment].some((value) => value !== undefined);
  let total = 0;
  // Entries are read at the first search, so that the page opens quickly.
  lists ??= groups.map(({ group }) => listedIn(group));
  for (const [index, one] of groups.entries()) {
    const { group, count, chunks } = one;
    const entries = lists[index] ?? [];
    let found = 0;
    const isKind = kind === undefined || group.dataset.kind === kind;
    for (const { item, text, fields } of entries) {
      const matches =
        isKind &&
        text.includes(wanted) &&
        (field === undefined || fields.includes(` ${field} `)) &&
        (segment === undefined || item.dataset.segment === segment);
      if (item.hidden === matches) item.hidden = !matches;
      if (matches) found += 1;
    }
    total += found;
    group.hidden = found === 0;
    const all = format.format(entries.length);
    if (count) count.textContent = found === entries.length ? all : `${format.format(found)} / ${all}`;
    // A search opens groups with up to 200 hits. A cleared search restores each group.
    if (isFiltered && !wasFiltered) one.wasOpen = group.open;
    if (isFiltered) group.open = found > 0 && found <= 200;
    else if (wasFiltered) group.open = one.wasOpen;
    for (const chunk of chunks) {
      chunk.hidden = chunk.querySelector("li:not([hidden])") === null;
      if (isFiltered) chunk.open = found <= 200;
      else if (wasFiltered) chunk.open = false;
    }
  }
  wasFiltered = isFiltered;
  byId("lists")?.classList.toggle("searched", isFiltered);
  for (const section of document.querySelectorAll<HTMLElement>("section.list")) {
    section.hidden = section.querySelector("details:not([hidden])") === null;
  }
  const nothing = byId("no-match");
  if (nothing) nothing.hidden = total > 0;
}

// Opens closed lists before printing: they are printed too.
let openedToPrint: HTMLDetailsElement[] = [];
function openAll(): void {
  openedToPrint = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
  for (const one of openedToPrint) one.open = true;
}
function closeAgain(): void {
  for (const one of openedToPrint) one.open = false;
}

function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

document.documentElement.classList.add("scripted");
byId("filters")?.addEventListener("input", filter);
byId("filters")?.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", openAll);
addEventListener("afterprint", closeAgain);
