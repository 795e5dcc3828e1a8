/**
 * Words that people type, by the page or section that answers them. The search finds the page by each of them, and
 * shows it before pages on which the word also stands.
 */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "/reference/guarantees": ["duplicate", "twice", "idempotency", "idempotent", "rate", "limit", "second", "throttle"],
  "/fr/": ["rgpd", "données", "personnelles"],
  "/fr/couverture": ["leads", "couverture", "trou"],
  "/fr/excel-au-cron": ["tâche", "planifiée", "cron", "excel"],
  "/fr/que-s-est-il-passe": ["annuler", "défaire", "401", "403", "jeton"],
  "/fr/un-collaborateur-part": ["désactiver", "quitte", "départ", "supprimer"],
  "/sources/files": ["excel", "xlsx", "workbook", "csv", "sftp", "leading", "zeros"],
  "/sources/leavers": ["leaver", "offboarding", "deactivate", "delete", "départ", "désactiver"],
  "/run/queues": ["bullmq"],
  "/run/several-machines": ["redis"],
  "/sources/databases": ["sql", "postgres", "postgresql", "mysql", "mariadb", "database"],
  "/sources/two-sources": ["two", "join", "changes", "delta", "incremental"],
  "/reference/types": ["types", "custom"],
  "/run/webhook": ["signature", "verify", "svix"],
  "/rules/why-no-leads": ["leads"],
  "/rules/coverage": ["lead", "explain"],
  "/operate/bad-run": ["rollback", "undo", "revert", "pause"],
  "/operate/monitoring": ["slack", "email", "teams", "prometheus", "opentelemetry", "grafana"],
  "/operate/personal-data": ["gdpr", "rgpd"],
  "/run/plan": ["dry"],
  "/operate/runbook#conflict": ["409"],
  "/operate/runbook#forbidden": ["403"],
  "/operate/runbook#not_found": ["404"],
  "/operate/runbook#rate_limited": ["429"],
  "/operate/runbook#unauthorized": ["401", "token", "expired", "rotate"],
  "/run/morning-after": ["who", "audit"],
  "/run/deploy": ["docker", "github", "action", "cron", "systemd", "schedule"],
  "/run/frameworks": ["express", "nextjs", "next", "fastify", "hono", "lambda", "nestjs", "workers"],
  "/sources/hr-apis": ["workday", "sap", "personio", "bamboohr"],
  "/run/network": ["proxy", "certificate", "mtls", "tls"],
  "/reference/outcomes": ["exit", "codes"],
  "/start/command": ["test=true", "test", "sandbox"],
  "/test/fake": ["mock", "fake", "msw"],
};

/** The pages that have words. Each must exist. */
export const WORDED_PAGES: readonly string[] = Object.keys(WORDS).map((place) => place.replace(/#.*/, ""));

/** The page's Markdown, with the words that people type for it below its title or the section's. */
export function withSearchWords(source: string, page: string): string {
  return Object.entries(WORDS).reduce((text, [place, words]) => {
    const [path, section] = place.split("#");
    if (path?.slice(1).replace(/(^|\/)$/, "$1index") !== page.replace(/\.md$/, "")) return text;
    const heading = section === undefined ? /^# .*$/m : new RegExp(`^#+ .*\\b${section}\\b.*$`, "m");
    if (!heading.test(text)) throw new Error(`The search names ${place}, which has no such heading.`);
    return text.replace(heading, (found) => `${found}\n\n${words.join(" ")}\n`);
  }, source);
}

/** The settings of the search in the browser. The function is sent there as text, so it holds the words itself. */
export const searchOptions: { readonly boostDocument: (id: string, term: string) => number } = {
  boostDocument: new Function(
    "id",
    "term",
    `const words = ${JSON.stringify(WORDS)};
    const page = id.replace(/(?:\\.html)?(?:#.*)?$/, "");
    const answers = (place) => words[place].includes(term) && (place.includes("#") ? id : page).endsWith(place);
    return Object.keys(words).some(answers) ? 50 : 1;`,
  ) as (id: string, term: string) => number,
};
