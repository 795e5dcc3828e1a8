import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

const docs = fileURLToPath(new URL("..", import.meta.url));

const SECTIONS: readonly (readonly [section: string, pages: readonly (readonly [text: string, link: string])[]])[] = [
  [
    "Start",
    [
      ["Quick start with the command", "/start/command"],
      ["Quick start with the SDK", "/start/sdk"],
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
      ["Coverage", "/guides/coverage"],
      ["Excel workbooks", "/guides/excel"],
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
      ["What happened last night", "/operate/what-happened"],
      ["Runbook", "/operate/runbook"],
      ["Alerts", "/operate/alerts"],
      ["Monitoring", "/operate/monitoring"],
      ["Probes and metrics", "/operate/probes"],
      ["Log events", "/operate/log-events"],
      ["When to act", "/operate/when-to-act"],
      ["Ledgers", "/operate/ledgers"],
      ["A lost ledger", "/operate/lost-ledger"],
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
      ["Stability", "/explain/stability"],
      ["Comparison", "/explain/comparison"],
      ["Upgrade", "/explain/upgrade"],
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

/** The pages that typedoc makes, one for each entry point. The package does not contain them, so no page of the package links to them. */
const entryPoints: DefaultTheme.SidebarItem[] = Object.keys(exports)
  .filter((name) => !name.endsWith(".json"))
  .map((name) => name.replace(".", "oplead-sdk"))
  .map((name) => ({ text: name, link: checked(`/reference/api/${name}/`) }));

export const sidebar: DefaultTheme.SidebarItem[] = SECTIONS.map(([text, pages]) => ({
  text,
  collapsed: text === "Recipes",
  items: pages.map(([title, link]) => ({
    text: title,
    link: checked(link),
    ...(link === "/reference/" && { collapsed: true, items: entryPoints }),
  })),
}));
