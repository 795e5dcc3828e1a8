/** The slow suite: `npm run test:slow`. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";
import { longForms, processTests } from "./test/support/process-tests.ts";
import fast from "./vitest.config.ts";

/** It measures what takes the processors. */
const ALONE = ["test/slow/bullmq/storm.test.ts"];

/** They run every night (.github/workflows/world.yml). The fast suite has run the same tests with fewer runs before. */
const LONG_FORMS = process.env.LONG_FORM === "true" ? longForms() : [];

/** Four more than there are cores: most of the time tests wait for processes, Redis and timers. */
const WORKERS = availableParallelism() + 4;

const shared = {
  // The first run downloads compilers and run times, and other programs may use the processors: only what hangs fails.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  globalSetup: ["test/support/built.setup.ts"],
  setupFiles: ["test/support/patient.setup.ts"],
};

/**
 * What takes too long for every save: the packed tarball, as users install it (needs `npm run build` first, and the npm registry or
 * a filled cache), the tests that start the command, and with LONG_FORM=true the long forms of tests from the fast suite. The storm
 * runs after all else. Long files start first.
 */
export default defineConfig({
  resolve: {
    alias: {
      "#send": fileURLToPath(new URL("./src/transport/send-node.ts", import.meta.url)),
      "#sha256": fileURLToPath(new URL("./src/core/sha256-node.ts", import.meta.url)),
    },
  },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { ...shared, name: "alone", include: ALONE, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "slow",
          include: ["test/slow/**/*.test.ts"],
          exclude: ALONE,
          // A process for each file would load the sources seventy times.
          isolate: false,
          globalSetup: ["test/support/built.setup.ts", "test/slow/tarball.setup.ts"],
          setupFiles: [...shared.setupFiles, "test/support/globals-restored.ts"],
          maxWorkers: WORKERS,
          // Compilers, in test/slow/types.test.ts: more at once would only wait for each other.
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        // The command imports the package by name. Here that means the sources, as in the fast suite.
        resolve: { alias: fast.resolve?.alias ?? [] },
        test: {
          ...shared,
          name: "processes",
          include: [...new Set([...processTests(), ...LONG_FORMS])],
          // One build of the command for all files of a process.
          isolate: false,
          setupFiles: [...shared.setupFiles, "test/support/globals-restored.ts", "test/support/property-seed.setup.ts"],
          maxWorkers: WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
