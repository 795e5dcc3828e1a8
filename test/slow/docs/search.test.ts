import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { searchOptions } from "../../../docs/.vitepress/search.mts";

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));

interface Index {
  search(query: string): readonly { readonly id: string }[];
}

// As VPLocalSearchBox.vue of VitePress reads the index.
const BOX = {
  fields: ["title", "titles", "text"],
  storeFields: ["title", "titles"],
  searchOptions: { prefix: true, boost: { title: 4, text: 2, titles: 1 }, ...searchOptions },
};

const indexes = new Map<string, Index>();

beforeAll(async () => {
  const chunks = join(docs, ".vitepress/dist/assets/chunks");
  if (!existsSync(chunks)) throw new Error("There is no site to search: run `npm run docs:build` first.");
  const MiniSearch = createRequire(join(docs, "package.json"))("minisearch");
  for (const locale of ["root", "fr"]) {
    const file = readdirSync(chunks).find((name) => name.startsWith(`@localSearchIndex${locale}.`));
    if (file === undefined) throw new Error(`The site has no search index for ${locale}.`);
    const { default: json } = await import(join(chunks, file));
    indexes.set(locale, MiniSearch.loadJSON(json, BOX));
  }
});

function pagesFor(question: string, locale: string) {
  const found = indexes.get(locale)?.search(question) ?? [];
  return [...new Set(found.map(({ id }) => id.replace(/#.*/, "").replace(/\.html$/, "")))];
}

const ENGLISH: Readonly<Record<string, readonly string[]>> = {
  "401": ["/operate/runbook"],
  "403": ["/operate/runbook"],
  "429": ["/reference/guarantees", "/operate/runbook"],
  "rate limit": ["/reference/guarantees"],
  "limit requests per second": ["/reference/guarantees"],
  "token expired": ["/operate/runbook"],
  "rotate token": ["/operate/runbook", "/run/deploy"],
  "test=true": ["/start/command"],
  "test mode": ["/start/command"],
  "dry run": ["/run/plan", "/start/command"],
  rollback: ["/operate/bad-run"],
  undo: ["/operate/bad-run"],
  "revert last night": ["/operate/bad-run"],
  "pause the sync": ["/operate/bad-run"],
  "delete user": ["/sources/leavers"],
  "deactivate user": ["/sources/leavers"],
  offboarding: ["/sources/leavers"],
  GDPR: ["/operate/personal-data"],
  RGPD: ["/operate/personal-data"],
  "duplicate user": ["/reference/guarantees"],
  "created twice": ["/reference/guarantees"],
  idempotency: ["/reference/guarantees"],
  "webhook signature": ["/run/webhook"],
  "verify webhook": ["/run/webhook"],
  express: ["/run/frameworks"],
  nextjs: ["/run/frameworks"],
  excel: ["/sources/files"],
  xlsx: ["/sources/files"],
  "leading zeros": ["/sources/files"],
  sql: ["/sources/databases"],
  postgres: ["/sources/databases"],
  workday: ["/sources/hr-apis"],
  sap: ["/sources/hr-apis"],
  sftp: ["/sources/files"],
  "two files": ["/sources/two-sources"],
  "only changes": ["/sources/two-sources"],
  redis: ["/run/several-machines"],
  bullmq: ["/run/queues"],
  docker: ["/run/deploy"],
  cron: ["/run/deploy"],
  "github action": ["/run/deploy"],
  proxy: ["/run/network"],
  slack: ["/operate/monitoring"],
  "email alert": ["/operate/monitoring"],
  prometheus: ["/operate/monitoring"],
  opentelemetry: ["/operate/monitoring"],
  "who changed this user": ["/run/morning-after"],
  "why did this lead go to": ["/rules/coverage", "/rules/why-no-leads"],
  "no leads": ["/rules/why-no-leads"],
  "mock oplead in tests": ["/test/fake"],
  msw: ["/test/fake"],
  types: ["/reference/types"],
  "custom fields": ["/reference/types"],
  "exit codes": ["/operate/runbook"],
  "exit code 3": ["/operate/runbook", "/run/guard"],
  "approve a plan": ["/run/plan", "/run/guard"],
  "nothing was sent last night": ["/run/morning-after", "/run/guard", "/operate/runbook"],
  "employee number changed": ["/sources/existing-users"],
  "too many changes refused": ["/run/guard"],
  "breaking changes": ["/reference/versions"],
  "unit tests": ["/test/fake"],
  backup: ["/operate/ledger"],
  guard: ["/run/guard"],
};

const FRENCH: Readonly<Record<string, readonly string[]>> = {
  RGPD: ["/fr/"],
  "désactiver un utilisateur": ["/fr/un-collaborateur-part"],
  "quitte l'entreprise": ["/fr/un-collaborateur-part"],
  "pas de leads": ["/fr/couverture"],
  "tâche planifiée": ["/fr/excel-au-cron"],
  annuler: ["/fr/que-s-est-il-passe"],
  "erreur 401": ["/fr/que-s-est-il-passe"],
  "le plan est refusé": ["/fr/garde-fou"],
  "zones sans commercial": ["/fr/couverture"],
};

const QUESTIONS = [
  ...Object.entries(ENGLISH).map(([question, pages]) => ({ locale: "root", question, pages })),
  ...Object.entries(FRENCH).map(([question, pages]) => ({ locale: "fr", question, pages })),
];

const ranked = () =>
  QUESTIONS.map(({ locale, question, pages }) => {
    const found = pagesFor(question, locale);
    return { question, rank: found.findIndex((page) => pages.includes(page)), found: found.slice(0, 3) };
  });

test("the search shows a right page first or second for each question", () => {
  expect(ranked().filter(({ rank }) => rank < 0 || rank > 1)).toEqual([]);
});

test("the search shows a right page first for five of six questions", () => {
  const later = ranked().filter(({ rank }) => rank !== 0);
  expect(later.length, JSON.stringify(later)).toBeLessThanOrEqual(QUESTIONS.length / 6);
});
