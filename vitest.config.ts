import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "#send": fileURLToPath(new URL("./src/transport/send/send-node.ts", import.meta.url)),
      "#sha256": fileURLToPath(new URL("./src/hash/sha256-node.ts", import.meta.url)),
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/slow/**", "**/node_modules/**"],
    // As many as there are cores: vitest leaves one free, which on a small machine is half of it.
    maxWorkers: availableParallelism(),
    testTimeout: 15_000,
  },
});
