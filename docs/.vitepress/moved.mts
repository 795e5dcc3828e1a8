import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Pages that have moved, and where. Bookmarks and links of other sites lead on. */
const MOVED: Readonly<Record<string, string>> = {
  "decisions/ask-before-creating": "explain/decisions#ask-before-creating",
  "decisions/esm-only": "explain/decisions#esm-and-commonjs",
  "decisions/imports": "explain/decisions#few-files-and-modules-of-node-loaded-late",
  "decisions/less": "explain/decisions#less-before-the-first-release",
  "decisions/libraries": "explain/decisions#libraries",
  "decisions/node-http": "explain/decisions#node-http-on-node-fetch-elsewhere",
  "decisions/performance": "explain/performance",
  "decisions/rate": "explain/decisions#the-rate-a-bucket-of-two-and-the-cause-of-each-429",
  "decisions/size": "explain/decisions#esm-and-commonjs",
  "decisions/sqlite": "explain/decisions#leveldb-not-node-sqlite",
  "decisions/texts": "explain/decisions#libraries",
  "decisions/zod-bundled": "explain/decisions#zod-mini-bundled",
  "explain/event-loop": "explain/performance#what-blocks-a-process-and-for-how-long",
  "explain/glossary": "start/how-it-works",
  "explain/names": "explain/architecture",
  "explain/provenance": "reference/provenance",
  "explain/rate-limit": "reference/guarantees#the-rate",
  "explain/repeats": "reference/guarantees#repetitions",
  "explain/stability": "reference/versions",
  "explain/supported-versions": "reference/versions#optional-packages",
  "explain/threat-model-network": "explain/threat-model",
  "explain/upgrade": "reference/versions#upgrade",
  "explain/upsert": "reference/guarantees",
  "guides/assumptions": "operate/assumptions#assumptions-about-rules",
  "guides/changes-since": "sources/two-sources",
  "guides/coverage": "rules/coverage",
  "guides/coverage-page": "rules/coverage",
  "guides/csv": "sources/files",
  "guides/excel": "sources/files",
  "guides/existing-users": "sources/existing-users",
  "guides/leavers": "sources/leavers",
  "guides/mapping": "sources/files#map-columns",
  "guides/mysql": "sources/databases",
  "guides/new-account-numbers": "sources/existing-users",
  "guides/nightly-batch": "run/nightly-batch",
  "guides/policies": "rules/policies",
  "guides/probe": "operate/assumptions",
  "guides/queue": "run/queues",
  "guides/rules": "rules/assignment-rules",
  "guides/several-machines": "run/several-machines",
  "guides/sql": "sources/databases",
  "guides/two-sources": "sources/two-sources",
  "guides/types": "reference/types",
  "guides/webhook": "run/webhook",
  "guides/why-no-leads": "rules/why-no-leads",
  "operate/a-bad-run": "operate/bad-run",
  "operate/alerts": "operate/monitoring#alerts",
  "operate/another-server": "operate/ledger#another-server-another-kind-of-ledger",
  "operate/approve": "run/plan",
  "operate/escalate": "operate/runbook#escalate-to-oplead-care",
  "operate/guard": "run/guard",
  "operate/ledger-keys": "operate/ledger#the-key-of-a-ledger",
  "operate/ledgers": "operate/ledger",
  "operate/log-events": "reference/log-events",
  "operate/lost-ledger": "operate/ledger#a-lost-ledger",
  "operate/probes": "run/deploy",
  "operate/own-ledger": "operate/ledger#your-own-database",
  "operate/read-a-plan": "run/plan",
  "operate/report": "run/morning-after",
  "operate/what-happened": "run/morning-after",
  "operate/when-to-act": "operate/runbook#exit-codes",
  "recipes/client-certificate": "run/network",
  "recipes/cloudflare": "run/frameworks",
  "recipes/docker": "run/deploy",
  "recipes/express": "run/frameworks",
  "recipes/fastify": "run/frameworks",
  "recipes/github-action": "run/deploy",
  "recipes/hono": "run/frameworks",
  "recipes/hr-apis": "sources/hr-apis",
  "recipes/lambda": "run/frameworks",
  "recipes/nestjs": "run/frameworks",
  "recipes/nextjs": "run/frameworks",
  "recipes/other-countries": "rules/coverage",
  "recipes/pg-boss": "run/queues",
  "recipes/private-ca": "run/network",
  "recipes/proxy": "run/network",
  "recipes/schedulers": "run/deploy",
  "recipes/sftp": "sources/files",
  "recipes/sqs": "run/queues",
  "sources/mapping": "sources/files#map-columns",
  "start/cookbook": "start/sdk",
  "start/faq": "start/how-it-works",
  "start/first-night": "start/command#the-first-night",
  "start/test-mode": "start/command",
  "test/faults": "test/fake#faults",
  "test/msw": "test/fake#msw",
};

/** Writes a page at each old address that leads to the new one, with the section that the address asks for or has become. */
export function writeMoved(outDir: string, base: string): void {
  for (const [from, to] of Object.entries(MOVED)) {
    const [page = "", section] = to.split("#");
    const target = join(outDir, `${page}.html`);
    if (!existsSync(target) || (section && !readFileSync(target, "utf8").includes(`id="${section}"`)))
      throw new Error(`${from} leads to ${to}, which does not exist.`);
    const file = join(outDir, `${from}.html`);
    if (existsSync(file)) throw new Error(`${from} leads to ${to}, and is a page itself.`);
    mkdirSync(dirname(file), { recursive: true });
    const address = `${base}${to}`;
    const canonical = `${base}${page}`;
    writeFileSync(
      file,
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>This page has moved</title>` +
        `<link rel="canonical" href="${canonical}"><meta http-equiv="refresh" content="1; url=${address}">` +
        `<script>location.replace(location.hash ? "${canonical}" + location.hash : "${address}")</script>` +
        `<p>This page has moved: <a href="${address}">${page}</a></p></html>\n`,
    );
  }
}
