import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

const docs = fileURLToPath(new URL("..", import.meta.url));

/** All hand-written and generated pages of the menu. */
export const SECTIONS: readonly (readonly [
  section: string,
  pages: readonly (readonly [text: string, link: string])[],
])[] = [
  [
    "Start",
    [
      ["With the command", "/start/command"],
      ["With the SDK", "/start/sdk"],
      ["The first hour with your platform", "/start/first-hour"],
      ["From Excel to cron", "/start/excel-to-cron"],
      ["How it works, and its words", "/start/how-it-works"],
    ],
  ],
  [
    "Bring users in",
    [
      ["CSV and Excel files, columns", "/sources/files"],
      ["A database", "/sources/databases"],
      ["HR APIs", "/sources/hr-apis"],
      ["Two sources, and changes only", "/sources/two-sources"],
      ["Existing users, new numbers", "/sources/existing-users"],
      ["Somebody leaves", "/sources/leavers"],
    ],
  ],
  [
    "Run",
    [
      ["A nightly batch", "/run/nightly-batch"],
      ["Read and approve a plan", "/run/plan"],
      ["The guard", "/run/guard"],
      ["The morning after", "/run/morning-after"],
      ["A webhook", "/run/webhook"],
      ["Web frameworks", "/run/frameworks"],
      ["A queue", "/run/queues"],
      ["Several machines", "/run/several-machines"],
      ["Deploy", "/run/deploy"],
      ["Proxies and certificates", "/run/network"],
    ],
  ],
  [
    "Rules",
    [
      ["Assignment rules", "/rules/assignment-rules"],
      ["Coverage", "/rules/coverage"],
      ["Why does Brest get no leads?", "/rules/why-no-leads"],
      ["Policies", "/rules/policies"],
    ],
  ],
  [
    "Operate",
    [
      ["Runbook", "/operate/runbook"],
      ["The ledger", "/operate/ledger"],
      ["A bad run", "/operate/bad-run"],
      ["Monitoring and alerts", "/operate/monitoring"],
      ["Personal data and secrets", "/operate/personal-data"],
      ["Probe and assumptions", "/operate/assumptions"],
    ],
  ],
  ["Test", [["The fake, msw and faults", "/test/fake"]]],
  [
    "Reference",
    [
      ["API", "/reference/"],
      ["Command", "/reference/command"],
      ["Config", "/reference/config"],
      ["Options", "/reference/options"],
      ["Errors", "/reference/errors"],
      ["Outcomes and exit codes", "/reference/outcomes"],
      ["Log events", "/reference/log-events"],
      ["Types of your platform", "/reference/types"],
      ["What is guaranteed", "/reference/guarantees"],
      ["Documented and assumed", "/reference/provenance"],
      ["Versions", "/reference/versions"],
      ["Changelog", "/reference/changelog"],
    ],
  ],
  [
    "Background",
    [
      ["How the package is built", "/explain/architecture"],
      ["The protocol of an entry", "/explain/protocol"],
      ["Threat model", "/explain/threat-model"],
      ["Performance", "/explain/performance"],
      ["Comparison", "/explain/comparison"],
      ["Decisions", "/explain/decisions"],
    ],
  ],
];

/** A page that is listed and does not exist ends the build: the sidebar is not checked for dead links otherwise. */
export function checked(link: string): string {
  const file = link.endsWith("/") ? `${link}index.md` : `${link}.md`;
  if (!existsSync(docs + file)) throw new Error(`The sidebar names ${file}, which does not exist.`);
  return link;
}

const { exports } = JSON.parse(readFileSync(`${docs}../package.json`, "utf8")) as { exports: object };

/** The entry points of the package, for each of which typedoc makes pages. The package does not contain them, so no page of the package links to them. */
export const ENTRY_POINTS: readonly string[] = Object.keys(exports)
  .filter((name) => !name.endsWith(".json"))
  .map((name) => name.replace(".", "oplead-sdk"));

const entryPoints: DefaultTheme.SidebarItem[] = ENTRY_POINTS.map((name) => ({
  text: name,
  link: checked(`/reference/api/${name}/`),
}));

const guides: DefaultTheme.SidebarItem[] = SECTIONS.map(([text, pages]) => ({
  text,
  collapsed: text === "Background",
  items: pages.map(([title, link]) => ({
    text: title,
    link: checked(link),
    ...(link === "/reference/" && { collapsed: true, items: entryPoints }),
  })),
}));

/** In the order in which readers need them. */
export const KINDS: readonly (readonly [folder: string, title: string])[] = [
  ["functions", "Functions"],
  ["classes", "Classes"],
  ["variables", "Variables"],
  ["interfaces", "Interfaces"],
  ["type-aliases", "Types"],
];

/** The names that an entry point exports, by kind. */
export function namesOf(entryPoint: string, kind: string): string[] {
  const folder = `${docs}reference/api/${entryPoint}/${kind}`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -3))
    .sort();
}

/** Beside the API pages of an entry point stand its own names, so that the menu shows where the reader is. */
function sidebarOf(entryPoint: string): DefaultTheme.SidebarItem[] {
  const base = `/reference/api/${entryPoint}/`;
  return [
    { text: "← All guides", link: checked("/reference/") },
    { text: entryPoint, link: base },
    ...KINDS.map(([folder, text]) => ({
      text,
      collapsed: folder === "interfaces" || folder === "type-aliases",
      items: namesOf(entryPoint, folder).map((name) => ({ text: name, link: `${base}${folder}/${name}` })),
    })).filter(({ items }) => items.length > 0),
    { text: "Other entry points", collapsed: true, items: entryPoints.filter(({ link }) => link !== base) },
  ];
}

export const sidebar: DefaultTheme.SidebarMulti = {
  ...Object.fromEntries(ENTRY_POINTS.map((name) => [`/reference/api/${name}/`, sidebarOf(name)])),
  "/": guides,
};
