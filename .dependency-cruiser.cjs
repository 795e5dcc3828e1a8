/**
 * The architecture of src/: data flows downward. A room may import the rooms below it, never one above, and no two files
 * import each other (type-only imports count).
 */

/** From the bottom to the top. */
const FLOORS = [
  ["locales"],
  ["core"],
  ["rules", "user", "transport"],
  ["contract"],
  ["client"],
  ["ledger"],
  ["redis", "reconcile"],
  ["audit", "coverage", "webhook", "probe"],
  ["sync"],
  ["bullmq", "notify"],
  ["config"],
  ["command"],
];

/** Names that every room may use, also one below them: these files import nothing but each other. */
const NAMES = "^src/(?:rules/types|core/names)\\.ts$";

const anyOf = (names) => `^src/(?:${names.join("|")})/`;

const upward = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `upward-from-${floor[0]}`,
  comment: "A room imports what is below it. Move what both need to a lower floor.",
  severity: "error",
  from: { path: anyOf(floor) },
  to: { path: anyOf(FLOORS.slice(index + 1).flat()), pathNot: NAMES },
}));

/** Rooms on one floor do not know each other. */
const sideways = FLOORS.filter((floor) => floor.length > 1).flatMap((floor) =>
  floor.map((room) => ({
    name: `sideways-from-${room}`,
    comment: "Rooms on the same floor do not import each other.",
    severity: "error",
    from: { path: anyOf([room]) },
    to: { path: anyOf(floor.filter((other) => other !== room)), pathNot: NAMES },
  })),
);

/** Inside sync/: plan, apply and report share types, which import none of them. Reporting knows nothing of planning. */
const insideSync = [
  {
    name: "types-of-sync-are-leaves",
    comment: "The shared types of sync/ import none of its folders.",
    severity: "error",
    from: { path: "^src/sync/types/" },
    to: { path: "^src/sync/(?!types/)" },
  },
  {
    name: "upward-from-sync",
    comment: "apply/ carries plans out and reports; plan/ and report/ do not know each other, nor apply/.",
    severity: "error",
    from: { path: "^src/sync/(?:plan|report)/" },
    to: { path: "^src/sync/apply/" },
  },
  {
    name: "sideways-in-sync",
    comment: "Planning and reporting share the types only.",
    severity: "error",
    from: { path: "^src/sync/(plan|report)/" },
    to: { path: "^src/sync/(?:plan|report)/", pathNot: "^src/sync/$1/" },
  },
];

module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Two files that import each other, types included, cannot be read one after the other.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...upward,
    ...sideways,
    ...insideSync,
    {
      name: "entry-points-are-not-imported",
      comment: "Entry points export; the rest of src/ imports the file that holds the thing.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/command/" },
      to: {
        path: "^src/(?:index|raw|otel|text|(?:sync|webhook|redis|bullmq|coverage|config|probe|testing)/index)\\.ts$",
      },
    },
    {
      name: "the-command-uses-the-public-api",
      comment:
        "What the command needs, a program needs too: it imports the package by the names of its entry points. " +
        "Except for the texts, and for what no program needs: helpers of core/, the recogniser of tables for `init --from`, the samples of " +
        "`doctor --notify`, what a mapping tells `doctor`, and the words of the page of coverage.",
      severity: "error",
      from: { path: "^src/command/" },
      to: {
        path: "^src/",
        pathNot:
          "^src/(?:command/|core/(?:errors|names|page|run-time|values)\\.ts|locales/|config/(?:cells|recognise)\\.ts|coverage/page/words\\.ts|notify/notifiers\\.ts|parts\\.ts|sync/plan/mapping\\.ts|(?:index|otel|raw)\\.ts|(?:sync|webhook|redis|bullmq|coverage|config|probe|testing)/index\\.ts|coverage/france\\.ts)",
      },
    },
    {
      name: "the-test-kit-stands-alone",
      comment: "The fake must not share code, and so mistakes, with what it tests. Types are shared.",
      severity: "error",
      from: { path: "^src/testing/" },
      to: { path: "^src/", pathNot: "^src/testing/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "the-product-does-not-import-the-test-kit",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(?:testing|command)/" },
      to: { path: "^src/testing/" },
    },
    {
      name: "only-the-contract-reads-the-schema",
      comment: "A new schema must break in one file.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/contract/contract\\.ts$" },
      to: { path: "^generated/schema\\.d\\.ts$" },
    },
    {
      name: "no-node-built-in-in-the-core",
      comment: "The core runs on Bun, Deno and edge workers. What differs by run time lies behind a port.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot:
          "^src/(?:transport/send-node\\.ts|core/sha256-node\\.ts|webhook/node-listener\\.ts|ledger/(?:file|note-files)\\.ts|audit/|testing/|redis/|bullmq/|config/|command/)",
      },
      to: { dependencyTypes: ["core"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(?:dist|coverage)/" },
  },
};
