/**
 * What a bundle that uses the package grows by, in brotli, everything it needs included. `npm run size` fails over a limit.
 *
 * The limits lie just above what was measured, so that growth is noticed. The last two show that one thing alone does not bring the
 * client with it: a line at the top of a file that a bundler cannot leave out (a call without PURE, a spread, a chain of calls, a
 * property of another table) would.
 */

// The repository's tsconfig sends `#send` to the sources; a consumer's bundler reads the "imports" of package.json.
const asInstalled = (config) => ({ ...config, tsconfigRaw: "{}" });

// esbuild's default platform is the browser, where `#send` is the transport over fetch. On Node it is the one over node:http.
const onNode = (config) => ({ ...asInstalled(config), platform: "node", format: "esm" });

/**
 * Pages and the texts of plans and reports are loaded when one is asked for, and what judges policies with the first plan that has
 * `coverage`: a bundler that splits code puts them into files of their own.
 */
const LATE = ["./plan-page-*.js", "./report-page-*.js", "./texts-*.js", "./policies-*.js"];
const withoutLate = (config) => ({ ...onNode(config), external: [...config.external, ...LATE] });

export default [
  {
    name: "createOplead and upsertUser, over fetch",
    path: "dist/index.js",
    import: "{ createOplead }",
    modifyEsbuildConfig: asInstalled,
    limit: "35.7 kB",
  },
  {
    name: "createOplead and upsertUser, on Node",
    path: "dist/index.js",
    import: "{ createOplead }",
    modifyEsbuildConfig: onNode,
    limit: "37 kB",
  },
  {
    name: "the webhook, on an edge worker",
    path: "dist/webhook.js",
    import: "{ createUserWebhook, standardWebhooks, memoryDeliveries }",
    modifyEsbuildConfig: asInstalled,
    limit: "35.7 kB",
  },
  {
    name: "the batch, on Node",
    path: "dist/sync.js",
    import: "{ syncUsers, fileLedger }",
    modifyEsbuildConfig: withoutLate,
    ignore: ["classic-level"],
    limit: "71.1 kB",
  },
  {
    name: "the texts of plans and reports, in two languages",
    path: "dist/texts-*.js",
    modifyEsbuildConfig: withoutLate,
    limit: "50.3 kB",
  },
  {
    name: "the page of a plan, which carries a script, a style, two languages and the outlines of France",
    path: "dist/plan-page-*.js",
    modifyEsbuildConfig: withoutLate,
    limit: "67 kB",
  },
  {
    name: "openTelemetry, beside the client",
    path: "dist/otel.js",
    import: "{ openTelemetry }",
    modifyEsbuildConfig: onNode,
    limit: "4.9 kB",
  },
  {
    name: "textOf, beside the client, on an edge worker",
    path: "dist/text.js",
    import: "{ textOf }",
    modifyEsbuildConfig: asInstalled,
    limit: "23.5 kB",
  },
  {
    name: "isOpleadError alone",
    path: "dist/index.js",
    import: "{ isOpleadError }",
    modifyEsbuildConfig: asInstalled,
    limit: "0.5 kB",
  },
  // Never part of an application: only to be seen.
  { name: "the test kit", path: "dist/testing.js", import: "{ createFakeOplead }", modifyEsbuildConfig: onNode },
];
