import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
export default defineConfig({
  resolve: { alias: { "#send": fileURLToPath(new URL("./src/transport/send-node.ts", import.meta.url)), "#sha256": fileURLToPath(new URL("./src/hash/sha256-node.ts", import.meta.url)) } },
  test: { testTimeout: 120_000, hookTimeout: 300_000, include: ["test/slow/cli/**/*.test.ts"], globalSetup: ["test/slow/tarball.setup.ts"], maxWorkers: 2 },
});
