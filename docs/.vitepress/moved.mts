import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Pages that have moved, and where. Bookmarks and links of other sites lead on. */
const MOVED: Readonly<Record<string, string>> = {
  "decisions/ask-before-creating": "explain/decisions",
  "decisions/esm-only": "explain/decisions",
  "decisions/imports": "explain/decisions",
  "decisions/less": "explain/decisions",
  "decisions/libraries": "explain/decisions",
  "decisions/node-http": "explain/decisions",
  "decisions/performance": "explain/decisions",
  "decisions/rate": "explain/decisions",
  "decisions/size": "explain/decisions",
  "decisions/sqlite": "explain/decisions",
  "decisions/texts": "explain/decisions",
  "decisions/zod-bundled": "explain/decisions",
  "explain/event-loop": "explain/performance",
  "explain/glossary": "start/how-it-works",
  "explain/names": "explain/architecture",
  "explain/provenance": "reference/provenance",
  "explain/rate-limit": "reference/guarantees",
  "explain/repeats": "reference/guarantees",
  "explain/stability": "reference/versions",
  "explain/supported-versions": "reference/versions",
  "explain/threat-model-network": "explain/threat-model",
  "explain/upgrade": "reference/versions",
  "explain/upsert": "reference/guarantees",
  "guides/assumptions": "operate/assumptions",
  "guides/changes-since": "sources/two-sources",
  "guides/coverage": "rules/coverage",
  "guides/coverage-page": "rules/coverage",
  "guides/csv": "sources/files",
  "guides/excel": "sources/files",
  "guides/existing-users": "sources/existing-users",
  "guides/leavers": "sources/leavers",
  "guides/mapping": "sources/mapping",
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
  "operate/alerts": "operate/monitoring",
  "operate/another-server": "operate/ledger",
  "operate/approve": "run/plan",
  "operate/escalate": "operate/runbook",
  "operate/guard": "run/guard",
  "operate/ledger-keys": "operate/ledger",
  "operate/ledgers": "operate/ledger",
  "operate/log-events": "reference/log-events",
  "operate/lost-ledger": "operate/ledger",
  "operate/probes": "run/deploy",
  "operate/read-a-plan": "run/plan",
  "operate/report": "run/morning-after",
  "operate/what-happened": "run/morning-after",
  "operate/when-to-act": "operate/monitoring",
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
  "start/cookbook": "start/sdk",
  "start/first-night": "start/command",
  "start/test-mode": "start/command",
  "test/faults": "test/fake",
  "test/msw": "test/fake",
};

/** Writes a page at each old address that leads to the new one, with the same section. */
export function writeMoved(outDir: string, base: string): void {
  for (const [from, to] of Object.entries(MOVED)) {
    if (!existsSync(join(outDir, `${to}.html`))) throw new Error(`${from} leads to ${to}, which does not exist.`);
    const file = join(outDir, `${from}.html`);
    if (existsSync(file)) continue;
    mkdirSync(dirname(file), { recursive: true });
    const address = `${base}${to}`;
    writeFileSync(
      file,
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>This page has moved</title>` +
        `<link rel="canonical" href="${address}"><meta http-equiv="refresh" content="1; url=${address}">` +
        `<script>location.replace("${address}" + location.hash)</script>` +
        `<p>This page has moved: <a href="${address}">${to}</a></p></html>\n`,
    );
  }
}
