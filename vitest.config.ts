/** The fast suite: `npm test`. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";
import { processTests } from "./test/support/process-tests.ts";

/** Files that change what all files of a process share and cannot put it back, or need a new one: each has a process of its own. */
const ISOLATED = [
  // Sees what the first client of a process uses.
  "test/locales/grammar.lazy.test.ts",
  // Makes modules anew (`vi.resetModules`).
  "test/transport/send-node.own-fetch.test.ts",
];
const EXCLUDED = ["test/slow/**", "test/world/**", "test/every/**", "**/node_modules/**", ...processTests()];

const path = (file: string): string => `${fileURLToPath(new URL("./", import.meta.url))}${file}`;

export default defineConfig({
  resolve: {
    alias: [
      { find: "#send", replacement: path("src/transport/send-node.ts") },
      { find: "#sha256", replacement: path("src/core/sha256-node.ts") },
      { find: "#parts", replacement: path("src/parts.ts") },
      { find: "#probe", replacement: path("src/probe/index.ts") },
      // The command imports the package by name, as its users do. Here that means the sources.
      {
        find: /^oplead-sdk\/(sync|webhook|coverage|config|testing)$/,
        replacement: path("src/$1/index.ts"),
      },
      { find: /^oplead-sdk\/coverage\/france$/, replacement: path("src/coverage/france.ts") },
      { find: /^oplead-sdk\/(otel|raw)$/, replacement: path("src/$1.ts") },
      { find: /^oplead-sdk$/, replacement: path("src/index.ts") },
    ],
  },
  test: {
    sequence: { sequencer: LongestFirst },
    // One more than there are cores: a third of the time tests wait, for timers and connections.
    maxWorkers: availableParallelism() + 1,
    // On a busy machine a test takes twenty times as long: only what hangs fails.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What it imports is for Node's own loader and its hooks.
    server: { deps: { external: [/\/typescript\/loader\.mjs$/] } },
    globalSetup: ["test/support/built.setup.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [...EXCLUDED, ...ISOLATED],
          // A process for each file would load the same modules two hundred times, which takes longer than many a test.
          isolate: false,
          setupFiles: [
            "test/support/patient.setup.ts",
            "test/support/globals-restored.ts",
            "test/support/property-seed.setup.ts",
          ],
        },
      },
      { extends: true, test: { name: "isolated", include: ISOLATED, setupFiles: ["test/support/patient.setup.ts"] } },
    ],
  },
});
