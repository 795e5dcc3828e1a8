import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/stores.setup.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Each file makes OpenTelemetry's global providers its own.
    isolate: true,
    maxWorkers: 2,
  },
});
