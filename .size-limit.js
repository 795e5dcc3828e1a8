/** What a bundle that uses the package grows by, in brotli, everything it needs included. `npm run size` fails over a limit. */

// On Node the `#send` import is the node:http transport; esbuild's other platform, the browser, gets the one over fetch.
const onNode = (config) => ({ ...config, platform: "node", format: "esm" });

export default [
  {
    name: "createOplead and upsertUser, over fetch",
    path: "dist/index.js",
    import: "{ createOplead }",
    limit: "12 kB",
  },
  {
    name: "createOplead and upsertUser, on Node",
    path: "dist/index.js",
    import: "{ createOplead }",
    modifyEsbuildConfig: onNode,
    limit: "12 kB",
  },
  // Never part of an application: only to be seen.
  { name: "the test kit", path: "dist/testing.js", import: "{ createFakeOplead }", modifyEsbuildConfig: onNode },
];
