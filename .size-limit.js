/**
 * What a bundle that uses the package grows by, in brotli, everything it needs included. `npm run size` fails over a limit.
 *
 * zod's object check takes 2.8 kB of it, the check of plain rules 2.5; the rest is transport, settings, the questions that keep
 * a user from being created twice, and what errors say. The limits keep it from growing unnoticed.
 */

// The repository's tsconfig sends `#send` to the sources; a consumer's bundler reads the "imports" of package.json.
const asInstalled = (config) => ({ ...config, tsconfigRaw: "{}" });

// esbuild's default platform is the browser, where `#send` is the transport over fetch. On Node it is the one over node:http.
const onNode = (config) => ({ ...asInstalled(config), platform: "node", format: "esm" });

export default [
  {
    name: "createOplead and upsertUser, over fetch",
    path: "dist/index.js",
    import: "{ createOplead }",
    modifyEsbuildConfig: asInstalled,
    limit: "24.1 kB",
  },
  {
    name: "createOplead and upsertUser, on Node",
    path: "dist/index.js",
    import: "{ createOplead }",
    modifyEsbuildConfig: onNode,
    limit: "25.4 kB",
  },
  // Never part of an application: only to be seen.
  { name: "the test kit", path: "dist/testing.js", import: "{ createFakeOplead }", modifyEsbuildConfig: onNode },
];
