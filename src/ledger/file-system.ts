import type * as FileSystem from "node:fs/promises";

/** A plain `import` would break bundles for browsers and workers that use another ledger. */
export async function fileSystem(): Promise<typeof FileSystem> {
  const name = "node:fs/promises";
  const builtIn = globalThis.process?.getBuiltinModule?.(name);
  return builtIn ?? (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)); // Node before 20.16
}
