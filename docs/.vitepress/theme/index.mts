import TwoslashFloatingVue from "@shikijs/vitepress-twoslash/client";
import { type EnhanceAppContext, useData } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { h, type VNode } from "vue";
import "@shikijs/vitepress-twoslash/style.css";
import "./style.css";

export default {
  extends: DefaultTheme,
  Layout: (): VNode => h(DefaultTheme.Layout, null, { "home-hero-image": () => h(Terminal) }),
  enhanceApp({ app }: EnhanceAppContext): void {
    app.use(TwoslashFloatingVue);
  },
};

/** The first commands and what they print, beside the title of the home page. The text is in the front matter of docs/index.md. */
function Terminal(): VNode {
  const lines = useData().frontmatter.value.terminal as readonly string[];
  return h(
    "pre",
    { class: "terminal" },
    lines.map((line) => h("span", { class: line.startsWith("$") ? "typed" : "printed" }, `${line}\n`)),
  );
}
