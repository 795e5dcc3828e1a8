import { defineConfig } from "vitest/config";

/** The packed tarball, as strangers install it. Needs `npm run build` first, and the npm registry or a filled cache. */
export default defineConfig({
  test: {
    include: ["test/slow/**/*.test.ts"],
    globalSetup: ["test/slow/tarball.setup.ts"],
    // The first run downloads compilers and run times.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
