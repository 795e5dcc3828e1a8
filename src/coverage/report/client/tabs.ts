import { byId } from "../../../base/page/client/page.ts";

/** Shows one panel at a time, under its tab. Arrow keys, Home and End move between tabs; a link to a hidden place opens its panel. */
export function makeTabs(): void {
  const tabs = [...document.querySelectorAll<HTMLElement>("[role=tab]")];
  const panels = tabs.map((tab) => byId(tab.getAttribute("aria-controls") ?? ""));
  if (tabs.length === 0) return;
  const select = (chosen: number, focus = false): void => {
    for (const [index, tab] of tabs.entries()) {
      const isChosen = index === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = panels[index];
      if (panel) panel.hidden = !isChosen;
      if (isChosen && focus) tab.focus();
    }
  };
  for (const [index, tab] of tabs.entries()) {
    panels[index]?.setAttribute("role", "tabpanel");
    panels[index]?.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => select(index));
    tab.addEventListener("keydown", ({ key }) => {
      const { length } = tabs;
      const to = { ArrowRight: index + 1, ArrowLeft: index + length - 1, Home: 0, End: length - 1 }[key];
      if (to !== undefined) select(to % length, true);
    });
  }
  const open = (): void => {
    const target = /^#[\w-]+$/.test(location.hash) ? document.querySelector(location.hash) : null;
    const index = panels.findIndex((panel) => panel?.contains(target));
    if (!target || index < 0) return;
    select(index);
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  select(0);
  open();
}
