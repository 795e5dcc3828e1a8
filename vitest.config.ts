import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#send": fileURLToPath(new URL("./src/transport/send-node.ts", import.meta.url)) },
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/slow/**", "**/node_modules/**"],
    testTimeout: 15_000,
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
  },
});
