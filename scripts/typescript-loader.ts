/**
 * Makes dist/typescript/: what loads a TypeScript config where Node cannot. Its two files stay files of their own, because Node runs hooks
 * in another thread and takes them by their address, and because they are ESM in the CommonJS build too. sucrase is bundled into them: an
 * installation must not bring further packages.
 */
import { join } from "node:path";
import { build as bundle } from "esbuild";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const SOURCE = "src/config/load/typescript";

/** All files of the build lie directly in `outDir`. `seen` hears of what was bundled. */
export function typescriptLoader(outDir: string, seen: (inputs: readonly string[]) => void): Plugin {
  return {
    name: "typescript-loader",
    setup(build) {
      build.onResolve({ filter: /\/typescript\/loader\.mjs$/ }, () => ({
        path: "./typescript/loader.mjs",
        external: true,
      }));
      build.onStart(async () => {
        const { metafile } = await bundle({
          entryPoints: [join(SOURCE, "loader.mjs"), join(SOURCE, "hooks.mjs")],
          outdir: join(outDir, "typescript"),
          outExtension: { ".js": ".mjs" },
          ...{ bundle: true, minify: true, format: "esm", platform: "node", target: "node20", metafile: true },
        });
        seen(Object.keys(metafile.inputs));
      });
    },
  };
}
