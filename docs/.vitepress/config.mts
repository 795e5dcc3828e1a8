import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformerTwoslash } from "@shikijs/vitepress-twoslash";
import ts from "typescript";
import { defineConfig, type HeadConfig } from "vitepress";
import { french, frenchSearch } from "./french.mts";
import { type LlmsPage, writeLlms } from "./llms.mts";
import { writeMoved } from "./moved.mts";
import { searchOptions } from "./search.mts";
import { ENTRY_POINTS, KINDS, namesOf, SECTIONS, sidebar } from "./sidebar.mts";
import { withTabs } from "./tabs.mts";

/** Two arrows that meet: in step. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f7a5f"/>' +
    '<path d="M7 12h15m-5-5 5 5-5 5M25 20H10m5-5-5 5 5 5" fill="none" stroke="#fff" stroke-width="2.5"/></svg>',
)}`;

/** Keeps underscores, so that the section of an error code has the code as its anchor, as it has on GitHub. */
function slugify(title: string): string {
  return title
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^\p{L}\p{N}_]+/gu, "-")
    .replace(/^-|-$/g, "");
}

const repository = fileURLToPath(new URL("../..", import.meta.url));
if (!existsSync(`${repository}/dist/index.d.ts`))
  throw new Error("Samples show the types of the built package: run `npm run build` first.");

/** Samples with `twoslash` show types when the reader points at a name; a type error in one of them ends the build. */
const twoslash = transformerTwoslash({
  langs: ["ts", "js"],
  twoslashOptions: {
    // From here "oplead-sdk" is the package itself, as it is for its users.
    vfsRoot: repository,
    // Readers know the names of JavaScript and Node, and see the variables of a sample. Of the package's names the first
    // paragraph is enough, without tags such as @throws.
    filterNode: (node) => {
      if (node.type !== "hover") return true;
      const isOfNode = /^(?:var|namespace|\((?:method|property)\)) (?:console|Console|JSON|process|NodeJS)\b/;
      const isTold = node.docs !== undefined || /^\((?:method|property)\) Oplead\b/.test(node.text);
      // Nobody reads a type of five lines in a bubble.
      if (!isTold || isOfNode.test(node.text) || node.text.length > 250) return false;
      node.tags = undefined;
      node.docs = node.docs?.split("\n\n")[0];
      return true;
    },
    compilerOptions: {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      allowJs: true,
      checkJs: true,
      types: ["node"],
    },
  },
});

/** Where the site stands, and the repository (`owner/name`) that its pages are edited in. The workflow knows them. */
const { DOCS_URL: address, GITHUB_REPOSITORY: home } = process.env;
const { version } = JSON.parse(readFileSync(`${repository}/package.json`, "utf8")) as { version: string };

/** The paragraph below the title says what a page is for: without Markdown it describes the page to search engines. */
function descriptionOf(path: string): string | undefined {
  const file = `${repository}/docs/${path}`;
  if (!existsSync(file)) return undefined;
  const [, first] = readFileSync(file, "utf8")
    .replace(/^<!--.*-->\n+/gm, "")
    .split(/\n\n+/);
  return first
    ?.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/[*_`]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function titleOf(path: string): string {
  return /^# (.*)$/m.exec(readFileSync(`${repository}/docs/${path}`, "utf8"))?.[1] ?? path;
}

/** The title and the description of a page that typedoc has made. */
function apiPage(section: string, file: string, title: string): LlmsPage {
  const text = readFileSync(`${repository}/docs/${file}`, "utf8");
  // The first paragraph of prose: neither the path, nor a title, a signature, a table or a list.
  const first = text.split(/\n\n+/).find((part) => /^[A-Z`[]/.test(part) && !part.startsWith("[API](")) ?? "";
  const [sentence = ""] = /^[\s\S]*?[.!?](?=\s|$)/.exec(first.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")) ?? [first];
  return { section, file, title, description: sentence.replace(/\s+/g, " ").trim() || undefined };
}

/** Every page that llms.txt lists: the guides as the menu has them, then the functions and classes of each entry point. */
function llmsPages(): LlmsPage[] {
  const french = readdirSync(`${repository}/docs/fr`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({
      section: "En français",
      file: `fr/${name}`,
      title: titleOf(`fr/${name}`),
      description: descriptionOf(`fr/${name}`),
    }));
  const guides = SECTIONS.flatMap(([section, pages]) =>
    pages.map(([title, link]) => {
      const file = link.endsWith("/") ? `${link.slice(1)}index.md` : `${link.slice(1)}.md`;
      return { section, file, title, description: descriptionOf(file) };
    }),
  );
  const api = ENTRY_POINTS.flatMap((name) => [
    { section: `API: ${name}`, file: `reference/api/${name}/index.md`, title: name, description: "all names" },
    ...KINDS.flatMap(([kind]) =>
      namesOf(name, kind).map((each) => apiPage(`API: ${name}`, `reference/api/${name}/${kind}/${each}.md`, each)),
    ),
  ]);
  return [...guides, ...french, ...api];
}

/** What the theme lacks for people who hear a page. */
const THEME_EDITS: Readonly<Record<string, readonly (readonly [from: RegExp, to: string])[]>> = {
  // The arrow of a section without a page is no button of its own: the whole line is one already.
  "VPSidebarItem.vue": [
    [
      /role="button"\s+aria-label="toggle section"/,
      `:role="item.link ? 'button' : undefined" :aria-label="item.link ? 'toggle section' : undefined"`,
    ],
    [/tabindex="0"/, ':tabindex="item.link ? 0 : undefined"'],
  ],
  // The shortcut is no part of the button's name.
  "VPNavBarSearchButton.vue": [[/(<kbd class="DocSearch-Button-Key)(">)K<\/kbd>/, "$1 letter$2</kbd>"]],
  "VPHome.vue": [
    [/<div\s+class="VPHome"/, '<main class="VPHome"'],
    [/<\/div>\s*<\/template>\s*<style/, "</main></template><style"],
  ],
  "NotFound.vue": [
    [/<div class="NotFound"/, '<main class="NotFound"'],
    [/<\/div>\s*<\/template>\s*<style/, "</main></template><style"],
  ],
};

export default defineConfig({
  title: "oplead-sdk",
  description: "Keep the users of Oplead in step with your own HR, CRM or dealer database.",
  lang: "en",
  locales: { root: { label: "English", lang: "en" }, fr: french },
  // GitHub Pages serves the site below the repository's name; the workflow sets it.
  base: process.env.DOCS_BASE ?? "/",
  cleanUrls: true,
  head: [["link", { rel: "icon", href: ICON }]],
  srcExclude: ["**/node_modules/**"],
  ...(address === undefined ? {} : { sitemap: { hostname: address } }),
  // The date of a page's last change comes from git, so a build outside of a clone shows none.
  lastUpdated: home !== undefined,
  transformHead: ({ pageData, title, description }) => {
    const head: HeadConfig[] = [
      ["meta", { property: "og:type", content: "article" }],
      ["meta", { property: "og:site_name", content: "oplead-sdk" }],
      ["meta", { property: "og:title", content: title }],
      ["meta", { property: "og:description", content: description }],
      ["meta", { name: "twitter:card", content: "summary" }],
    ];
    if (address === undefined) return head;
    const path = pageData.relativePath.replace(/(?:index)?\.md$/, "");
    const url = new URL(path, address.endsWith("/") ? address : `${address}/`).href;
    return [...head, ["link", { rel: "canonical", href: url }], ["meta", { property: "og:url", content: url }]];
  },
  themeConfig: {
    search: {
      provider: "local",
      options: {
        locales: { fr: frenchSearch },
        miniSearch: {
          searchOptions,
        },
        // Of the pages that typedoc makes only the titles are found, so that guides come first.
        _render: (source, env, markdown) =>
          markdown.render(
            env.relativePath.startsWith("reference/api/") ? (/^# .*$/m.exec(source)?.[0] ?? "") : source,
            env,
          ),
      },
    },
    // Six pages are in French: the menu of languages leads to their index from every page.
    i18nRouting: false,
    outline: [2, 3],
    notFound: {
      title: "Page not found",
      quote: "The page does not exist, or has moved. The search (Ctrl K) finds every page of this documentation.",
      linkText: "Go to the home page",
      linkLabel: "Go to the home page",
    },
    ...(home === undefined
      ? {}
      : {
          editLink: { pattern: `https://github.com/${home}/edit/main/docs/:path`, text: "Edit this page" },
          socialLinks: [{ icon: "github" as const, link: `https://github.com/${home}` }],
        }),
    nav: [
      { text: "Start", link: "/start/command" },
      { text: "Run", link: "/run/nightly-batch" },
      { text: "Runbook", link: "/operate/runbook" },
      { text: "Reference", link: "/reference/" },
      { text: version === "0.0.0" ? "unreleased" : `v${version}`, link: "/reference/versions" },
    ],
    sidebar,
  },
  markdown: {
    codeTransformers: [twoslash],
    anchor: { slugify },
    // The usual themes have comments and keywords that are too pale to be read by everybody.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  vite: {
    plugins: [
      {
        name: "tabs",
        enforce: "pre",
        transform: (code, id) => (id.endsWith(".md") ? withTabs(code) : undefined),
      },
      {
        name: "accessible-theme",
        enforce: "pre",
        transform: (code, id) => {
          const file = /\/(\w+\.vue)$/.exec(id)?.[1] ?? "";
          return THEME_EDITS[file]?.reduce((text, [from, to]) => {
            if (!from.test(text)) throw new Error(`${file} has changed: ${from}`);
            return text.replace(from, to);
          }, code);
        },
      },
    ],
  },
  // Otherwise every page would hold the menus of all others.
  metaChunk: true,
  buildEnd: ({ srcDir, outDir }) => {
    const base = process.env.DOCS_BASE ?? "/";
    writeMoved(outDir, base);
    writeLlms(srcDir, outDir, llmsPages(), address === undefined ? base : address.replace(/\/?$/, "/"));
  },
  // The pages that typedoc makes and the French page are not in the sidebar, so they have no previous and next page.
  transformPageData: ({ relativePath, frontmatter, description }) => ({
    description: description || descriptionOf(relativePath),
    ...(/^(?:reference\/api|fr)\//.test(relativePath)
      ? { frontmatter: { ...frontmatter, prev: false, next: false } }
      : {}),
  }),
});
