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
      ["Quick start with the command", "/start/command"],
      ["Quick start with the SDK", "/start/sdk"],
      ["From Excel to cron", "/start/excel-to-cron"],
      ["How it works", "/start/how-it-works"],
      ["Test mode", "/start/test-mode"],
      ["First night in production", "/start/first-night"],
      ["Cookbook", "/start/cookbook"],
      ["Questions", "/start/faq"],
    ],
  ],
  [
    "Guides",
    [
      ["Ask what your platform is like", "/guides/probe"],
      ["Nightly batch", "/guides/nightly-batch"],
      ["Webhook", "/guides/webhook"],
      ["Assignment rules", "/guides/rules"],
      ["Why does Brest get no leads?", "/guides/why-no-leads"],
      ["Coverage", "/guides/coverage"],
      ["The page of the map", "/guides/coverage-page"],
      ["Assumptions about rules", "/guides/assumptions"],
      ["Policies about the map", "/guides/policies"],
      ["Excel workbooks", "/guides/excel"],
      ["Map columns without a function", "/guides/mapping"],
      ["CSV from Excel", "/guides/csv"],
      ["Two sources", "/guides/two-sources"],
      ["A database", "/guides/sql"],
      ["MySQL and MariaDB", "/guides/mysql"],
      ["Changes since the last run", "/guides/changes-since"],
      ["Several machines", "/guides/several-machines"],
      ["A queue", "/guides/queue"],
      ["Types of your platform", "/guides/types"],
      ["Start with users that Oplead already has", "/guides/existing-users"],
      ["A user leaves", "/guides/leavers"],
      ["People get new account numbers", "/guides/new-account-numbers"],
    ],
  ],
  [
    "Operate",
    [
      ["Read a plan", "/operate/read-a-plan"],
      ["Approve a plan", "/operate/approve"],
      ["Read a report", "/operate/report"],
      ["The guard stopped my run", "/operate/guard"],
      ["A bad run", "/operate/a-bad-run"],
      ["What happened last night", "/operate/what-happened"],
      ["Runbook", "/operate/runbook"],
      ["Alerts", "/operate/alerts"],
      ["Monitoring", "/operate/monitoring"],
      ["Probes and metrics", "/operate/probes"],
      ["Log events", "/operate/log-events"],
      ["When to act", "/operate/when-to-act"],
      ["Ledgers", "/operate/ledgers"],
      ["What a ledger keeps", "/operate/ledger-keys"],
      ["A ledger in your own database", "/operate/own-ledger"],
      ["A lost ledger", "/operate/lost-ledger"],
      ["Move to another server", "/operate/another-server"],
      ["Escalate to Oplead Care", "/operate/escalate"],
      ["Personal data and secrets", "/operate/personal-data"],
    ],
  ],
  [
    "Explain",
    [
      ["Documented and assumed", "/explain/provenance"],
      ["What upsertUser guarantees", "/explain/upsert"],
      ["Repetitions", "/explain/repeats"],
      ["How the client finds a rate limit", "/explain/rate-limit"],
      ["Performance", "/explain/performance"],
      ["What blocks a process", "/explain/event-loop"],
      ["Threat model", "/explain/threat-model"],
      ["Threat model: the network", "/explain/threat-model-network"],
      ["Stability", "/explain/stability"],
      ["Supported versions", "/explain/supported-versions"],
      ["Comparison", "/explain/comparison"],
      ["Upgrade", "/explain/upgrade"],
      ["How the package is built", "/explain/architecture"],
      ["Names to know", "/explain/names"],
      ["Glossary", "/explain/glossary"],
    ],
  ],
  [
    "Test",
    [
      ["The fake", "/test/fake"],
      ["msw", "/test/msw"],
      ["Fault recipes", "/test/faults"],
    ],
  ],
  [
    "Recipes",
    [
      ["Express", "/recipes/express"],
      ["Fastify", "/recipes/fastify"],
      ["Hono", "/recipes/hono"],
      ["Next.js", "/recipes/nextjs"],
      ["Cloudflare Workers", "/recipes/cloudflare"],
      ["AWS Lambda", "/recipes/lambda"],
      ["NestJS", "/recipes/nestjs"],
      ["GitHub Action", "/recipes/github-action"],
      ["Docker", "/recipes/docker"],
      ["Cron, systemd and Windows", "/recipes/schedulers"],
      ["Files by SFTP, or in a shared folder", "/recipes/sftp"],
      ["Behind a proxy", "/recipes/proxy"],
      ["A private certificate authority", "/recipes/private-ca"],
      ["A client certificate (mTLS)", "/recipes/client-certificate"],
      ["Microsoft Graph, Personio, Salesforce", "/recipes/hr-apis"],
      ["Coverage in another country", "/recipes/other-countries"],
      ["pg-boss", "/recipes/pg-boss"],
      ["SQS", "/recipes/sqs"],
    ],
  ],
  [
    "Reference",
    [
      ["API", "/reference/"],
      ["Command", "/reference/command"],
      ["Config", "/reference/config"],
      ["Options", "/reference/options"],
      ["Errors", "/reference/errors"],
      ["Outcomes", "/reference/outcomes"],
      ["Changelog", "/reference/changelog"],
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
  collapsed: text === "Recipes",
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
