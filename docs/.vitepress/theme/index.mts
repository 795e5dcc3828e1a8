import TwoslashFloatingVue from "@shikijs/vitepress-twoslash/client";
import { type EnhanceAppContext, useData } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { h, type VNode } from "vue";
import "@shikijs/vitepress-twoslash/style.css";
import light from "../../run/plan.png";
import dark from "../../run/plan-dark.png";
import "./style.css";

export default {
  extends: DefaultTheme,
  Layout: (): VNode => h(DefaultTheme.Layout, null, { "home-hero-image": () => h(FirstSight) }),
  enhanceApp({ app }: EnhanceAppContext): void {
    app.use(TwoslashFloatingVue);
  },
};

/** The first commands and what they print, and a plan as a person approves it. The texts are in the front matter of docs/index.md. */
function FirstSight(): VNode {
  const { plan: alt, terminal } = useData().frontmatter.value as { plan: string; terminal: readonly string[] };
  const lines = terminal.map((line) => h("span", { class: line.startsWith("$") ? "typed" : "printed" }, `${line}\n`));
  const pictures = Object.entries({ light, dark }).map(([name, src]) =>
    h("img", { alt, src, class: name, loading: "lazy" }),
  );
  return h("div", { class: "first-sight" }, [h("pre", { class: "terminal" }, lines), ...pictures]);
}
