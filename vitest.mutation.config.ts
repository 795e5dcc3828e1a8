/** The tests that judge the mutants of one room: `npm run mutation`. */
import { defineConfig } from "vitest/config";
import suite from "./vitest.config.ts";

/**
 * The tests that judge the mutants of one room (`MUTATION_ROOM`): its own, and the nearest that use it. With the whole suite
 * a mutant that survives would cost minutes. Property tests of many runs are left out for the same reason.
 */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  client: ["test/client/**/*.test.ts"],
  transport: ["test/transport/{*,send/*}.test.ts", "test/client/{raw,upsert}.test.ts"],
  "transport/limiter": ["test/transport/limiter/*.test.ts"],
  reconcile: ["test/reconcile/**/*.test.ts"],
  ledger: ["test/ledger/**/*.test.ts", "test/reconcile/**/*.test.ts"],
  "sync/plan": ["test/sync/plan/**/*.test.ts", "test/sync/*.test.ts", "test/sync/report/**/*.test.ts"],
  "sync/apply": ["test/sync/apply/**/*.test.ts", "test/sync/*.test.ts"],
  redis: ["test/redis/*.test.ts", "test/slow/redis/{cluster,ledger}.test.ts"],
  queue: [
    "test/bullmq/*.test.ts",
    "test/slow/bullmq/{inbox,parents.behaviour,plan.behaviour,user-queue,worker}.test.ts",
  ],
  webhook: ["test/webhook/**/*.test.ts"],
};
const SLOW = ["test/core/time.in-turns.test.ts", "test/sync/apply/killed.behaviour.test.ts"];

const room = process.env.MUTATION_ROOM;
if (room !== undefined && !TESTS[room]) throw new Error(`MUTATION_ROOM is none of ${Object.keys(TESTS).join(", ")}`);

const { projects: _, ...test } = suite.test ?? {};

export default defineConfig({
  ...suite,
  test: {
    ...test,
    // A mutant that makes a machine wait is not noticed; a busy machine that needs more than a second is no mutant.
    setupFiles: ["test/support/patient.setup.ts", "test/support/property-seed.setup.ts"],
    ...(room !== undefined && {
      include: [...(TESTS[room] ?? [])],
      exclude: ["**/node_modules/**", ...SLOW],
    }),
  },
});
