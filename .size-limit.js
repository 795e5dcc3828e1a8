/**
 * What a bundle that uses the package grows by, in brotli, everything it needs included. `npm run size` fails over a limit.
 *
 * Of the core, zod takes 4.6 kB, the texts of problems 2.1, the rules 1.6 and the limiter 2.6. The rest is transport, settings, the
 * questions that keep a user from being created twice, and what errors say. The batch has 5 kB for what keeps a night right: approvals that
 * go on after a kill, pauses, the ledger's key, ledgers of one's own stores, and their texts. The figures of a mapping, what each
 * user receives, the one line that says what a plan does, and their texts are 2.2 kB of it, and 1.5 kB of the page. The page also tells
 * warnings and limits with the names that the approver knows, so it has their English too (2.1 kB). The French of plans and reports is
 * 10 kB of the batch: their methods return text at once, so it cannot be loaded when it is asked for. The limits lie just above what was
 * measured, so that growth is noticed. The last two show that one thing alone does not bring the client with it: a line at the top of a
 * file that a bundler cannot leave out (a call without PURE, a spread, a chain of calls) would.
 */

// The repository's tsconfig sends `#send` to the sources; a consumer's bundler reads the "imports" of package.json.
const asInstalled = (config) => ({ ...config, tsconfigRaw: "{}" });

// esbuild's default platform is the browser, where `#send` is the transport over fetch. On Node it is the one over node:http.
const onNode = (config) => ({ ...asInstalled(config), platform: "node", format: "esm" });

/**
 * Pages and the texts of plans and reports are loaded when one is asked for: a bundler that splits code puts them into files of their own.
 */
const LATE = ["./plan-page-*.js", "./report-page-*.js", "./texts-*.js"];
const withoutLate = (config) => ({ ...onNode(config), external: [...config.external, ...LATE] });

export default [
  {
    name: "createOplead and upsertUser, over fetch",
    path: "dist/index.js",
    import: "{ createOplead }",
    modifyEsbuildConfig: asInstalled,
    limit: "33.3 kB",
  },
  {
    name: "createOplead and upsertUser, on Node",
    path: "dist/index.js",
    import: "{ createOplead }",
    modifyEsbuildConfig: onNode,
    limit: "34.5 kB",
  },
  {
    name: "the webhook, on an edge worker",
    path: "dist/webhook.js",
    import: "{ createUserWebhook, standardWebhooks, memoryDeliveries }",
    modifyEsbuildConfig: asInstalled,
    limit: "34.9 kB",
  },
  {
    name: "the batch, on Node",
    path: "dist/sync.js",
    import: "{ syncUsers, fileLedger }",
    modifyEsbuildConfig: withoutLate,
    ignore: ["classic-level"],
    limit: "87.6 kB",
  },
  {
    name: "the texts of plans and reports, in two languages",
    path: "dist/texts-*.js",
    modifyEsbuildConfig: withoutLate,
    limit: "63.4 kB",
  },
  {
    name: "the page of a plan, which carries a script, a style, two languages and the outlines of France",
    path: "dist/plan-page-*.js",
    modifyEsbuildConfig: withoutLate,
    limit: "63.4 kB",
  },
  {
    name: "openTelemetry, beside the client",
    path: "dist/otel.js",
    import: "{ openTelemetry }",
    modifyEsbuildConfig: onNode,
    limit: "4 kB",
  },
  {
    name: "isOpleadError alone",
    path: "dist/index.js",
    import: "{ isOpleadError }",
    modifyEsbuildConfig: asInstalled,
    limit: "2.3 kB",
  },
  // Never part of an application: only to be seen.
  { name: "the test kit", path: "dist/testing.js", import: "{ createFakeOplead }", modifyEsbuildConfig: onNode },
];
