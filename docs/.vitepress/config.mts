import { transformerTwoslash } from "@shikijs/vitepress-twoslash";
import { defineConfig } from "vitepress";
import llmstxt from "vitepress-plugin-llms";
import { sidebar } from "./sidebar.mts";

export default defineConfig({
  title: "oplead-sdk",
  description: "Keep the users of Oplead in step with your own HR, CRM or dealer database.",
  lang: "en",
  // GitHub Pages serves the site below the repository's name; the workflow sets it.
  base: process.env.DOCS_BASE ?? "/",
  cleanUrls: true,
  srcExclude: ["**/node_modules/**", "decisions/README.md"],
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/start/command" },
      { text: "Guides", link: "/guides/nightly-batch" },
      { text: "Reference", link: "/reference/" },
      { text: "Français", link: "/fr/demarrage-rapide" },
    ],
    sidebar,
  },
  markdown: { codeTransformers: [transformerTwoslash()] },
  vite: { plugins: [llmstxt()] },
});
