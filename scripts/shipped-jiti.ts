/**
 * Ships jiti inside dist/: a TypeScript config is loaded by it where Node cannot, and an installation must not bring further
 * packages. It is copied and not bundled, because it loads its compiler (1.5 MB) by a path of its own, when it is needed.
 */
import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** The folder of the package. */
export const jitiFolder = fileURLToPath(new URL("../node_modules/jiti", import.meta.url));

const FILES = ["lib/jiti.mjs", "dist/jiti.cjs", "dist/babel.cjs", "LICENSE"];

/** Imports of `jiti` become imports of the copy. All files of the build lie directly in `outDir`, beside the folder `jiti`. */
export function shippedJiti(outDir: string): Plugin {
  return {
    name: "shipped-jiti",
    setup(build) {
      build.onResolve({ filter: /^jiti$/ }, () => ({ path: "./jiti/lib/jiti.mjs", external: true }));
      build.onEnd(async () => {
        for (const file of FILES) {
          const target = join(outDir, "jiti", file);
          await mkdir(dirname(target), { recursive: true });
          await cp(join(jitiFolder, file), target);
        }
      });
    },
  };
}
