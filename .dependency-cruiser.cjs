/**
 * The architecture of src/: data flows downward. A room may import the rooms below it, never one above, and no two files
 * import each other (type-only imports count).
 */

/** From the bottom to the top. Files directly in src/ that are not listed here are entry points. */
const FLOORS = [
  ["locales"],
  ["base"],
  ["options", "facts", "settings", "hooks", "platform", "version", "reference-types", "header-names"],
  ["user", "rules"],
  ["coverage-types"],
  ["policy-types"],
  ["transport"],
  ["contract"],
  ["client"],
  ["ledger", "deliveries"],
  ["keyv", "redis"],
  ["reconcile"],
  ["audit"],
  ["sync", "webhook", "coverage", "probe"],
  ["queue"],
  ["notify"],
  ["config"],
  ["cli"],
];

/** Names that every room may use, also one below them: these files import nothing. */
const NAMES = "^src/(?:rules/types|base/(?:address|oplead-error-code))\\.ts$";

const place = (name) => `${name}(?:/|\\.ts$)`;
const anyOf = (names) => `^src/(?:${names.map(place).join("|")})`;

const upward = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `upward-from-${floor[0]}`,
  comment: "A room imports what is below it. Move what both need to a lower floor.",
  severity: "error",
  from: { path: anyOf(floor) },
  to: { path: anyOf(FLOORS.slice(index + 1).flat()), pathNot: NAMES },
}));

/** Rooms on one floor do not know each other. */
const sideways = FLOORS.filter((floor) => floor.length > 1 && floor[0] !== "options").flatMap((floor) =>
  floor.map((room) => ({
    name: `sideways-from-${room}`,
    comment: "Rooms on the same floor do not import each other.",
    severity: "error",
    from: { path: `^src/${place(room)}` },
    to: { path: anyOf(floor.filter((other) => other !== room)) },
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

/** Inside testing/, from the bottom to the top. */
const TEST_KIT = ["api", "types", "state", "platform", "faults", "strict", "exchange", "http"];
const insideTestKit = TEST_KIT.slice(0, -1).map((folder, index) => ({
  name: `upward-from-testing-${folder}`,
  comment: "A folder of the test kit imports what is below it.",
  severity: "error",
  from: { path: `^src/testing/${folder}/` },
  to: { path: `^src/testing/(?:${TEST_KIT.slice(index + 1).join("|")})/` },
}));

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
    ...insideTestKit,
    {
      name: "entry-points-are-not-imported",
      comment: "Entry points export; the rest of src/ imports the file that holds the thing.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: {
        path: "^src/(?:index|raw|otel|sync/index|webhook/index|redis/index|coverage/index|config/index|probe/index|testing/index)\\.ts$",
      },
    },
    {
      name: "the-command-uses-the-public-api",
      comment:
        "What the command needs, a program needs too: it imports the package by the names of its entry points. " +
        "Except for the version, for how a code of Node's is read, for making texts and code, for the documented address, and for opening a source.",
      severity: "error",
      from: { path: "^src/cli/" },
      to: {
        path: "^src/",
        pathNot:
          "^src/(?:cli/|version\\.ts|base/(?:address|csv|error-code|javascript|loopback|records)\\.ts|locales/(?:coded|local-time|(?:en|fr)/[a-z-]+)\\.ts|index\\.ts|(?:sync|webhook|redis|queue|coverage|config|probe|testing)/index\\.ts|coverage/france\\.ts)",
      },
    },
    {
      name: "the-test-kit-stands-alone",
      comment: "The fake must not share code, and so mistakes, with what it tests.",
      severity: "error",
      from: { path: "^src/testing/" },
      to: { path: "^src/", pathNot: "^src/testing/" },
    },
    {
      name: "the-product-does-not-import-the-test-kit",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(?:testing|cli)/" },
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
          "^src/(?:transport/send/send-node\\.ts|base/hash/sha256-node\\.ts|webhook/node-listener\\.ts|ledger/file(?:-system)?\\.ts|audit/|testing/|redis/|queue/|config/|cli/)",
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
