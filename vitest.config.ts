import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (file: string): string => `${fileURLToPath(new URL(".", import.meta.url))}${file}`;

export default defineConfig({
  resolve: {
    alias: [
      { find: "#send", replacement: path("src/transport/send/send-node.ts") },
      { find: "#sha256", replacement: path("src/hash/sha256-node.ts") },
      // The command imports the package by name, as its users do. Here that means the sources.
      { find: /^oplead-sdk\/(sync|webhook|coverage|config|testing)$/, replacement: path("src/$1/index.ts") },
      { find: /^oplead-sdk\/(coverage\/france|testing\/countries)$/, replacement: path("src/$1.ts") },
      { find: /^oplead-sdk$/, replacement: path("src/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/slow/**", "**/node_modules/**"],
    // As many as there are cores: vitest leaves one free, which on a small machine is half of it.
    maxWorkers: availableParallelism(),
    testTimeout: 15_000,
  },
});
