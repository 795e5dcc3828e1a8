/** The worlds in virtual time, and every schedule within bounds: `npm run test:world`. */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import fast from "./vitest.config.ts";

/** The worlds in virtual time: see test/world/README.md. They take the processors for a while and wait for nothing. */
export default defineConfig({
  resolve: { alias: fast.resolve?.alias ?? [] },
  test: {
    include: ["test/world/**/*.test.ts", "test/every/**/*.test.ts"],
    // A hundred thousand worlds take hours.
    maxWorkers: availableParallelism(),
    testTimeout: 12 * 3_600_000,
  },
});
