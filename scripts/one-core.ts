/**
 * Keeps the core in few files. esbuild puts two modules into the same chunk only if the same entry points use them, so every
 * further entry point cuts the core into smaller chunks: 14 of them, and loading each takes a third of a millisecond.
 *
 * The plugin makes entry points look as if they used the whole core, so esbuild leaves it in one piece. The call that
 * pretends it is declared pure ({@link PRETENDED_USE}), so Rollup removes it when tsup has it shake the chunks.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Options } from "tsup";

// tsup may bring an esbuild of its own: this is the plugin type of that one.
type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** For Rollup's `treeshake.manualPureFunctions`. */
export const PRETENDED_USE = "__keepTogether";

/** Exports of the core that together use all of its modules. */
const USED = ["createOplead", "geographical", "checkRules"];

export function oneCore(core: string, entries: readonly string[]): Plugin {
  const paths = new Set(entries.map((entry) => resolve(entry)));
  const imported = USED.map((name) => `${name} as __${name}`).join(", ");
  const used = USED.map((name) => `__${name}`).join(", ");
  // A name instead of the path, because the text goes into the source maps.
  const use = `import { ${imported} } from "one-core";\n${PRETENDED_USE}(${used});\n`;
  return {
    name: "one-core",
    setup(build) {
      build.onResolve({ filter: /^one-core$/ }, () => ({ path: resolve(core) }));
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        return paths.has(path) ? { contents: `${await readFile(path, "utf8")}\n${use}`, loader: "ts" } : undefined;
      });
    },
  };
}
