/**
 * Puts the library into few files. esbuild makes a chunk for each set of entry points that share something, forty of them, and each
 * costs a process that imports it about a millisecond of CPU. This plugin takes what esbuild made for a format, joins its chunks by
 * what uses them, and writes them over esbuild's files.
 *
 * A module that several entry points reach belongs to the first layer that fits. Each condition also holds for whatever such a module
 * imports, because the same entry points reach that, so no two chunks import each other; the build fails if two do.
 */
import { rm } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type GetModuleInfo, type ManualChunksOption, rollup } from "rollup";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["plugins"]>[number];

/** What many entry points need is loaded by all of them, whether it is much or little. */
const MANY = 6;

export interface Layers {
  /** The entry point of the core: all that it needs is one chunk. */
  readonly core: string;
  /**
   * Pairs of entry points that share little, but not nothing, besides the core. What both need at once is in the core's
   * chunk: a chunk of its own would be one more module. The chunk of a shared layer would also load code that one of
   * the two needs only later.
   */
  readonly apart: readonly (readonly [string, string])[];
  /** For each further chunk, in this order: it has what one of these entry points shares with any other. */
  readonly shared: readonly (readonly string[])[];
}

export function fewChunks(layers: Layers): Plugin {
  /** By format: esbuild's files and their text. */
  const made = new Map<string, Map<string, string>>();
  return {
    name: "few-chunks",
    buildStart() {
      made.set(this.format, new Map());
    },
    renderChunk(code, { path }) {
      if (/\.c?js$/.test(path)) made.get(this.format)?.set(resolve(path), code);
      return undefined;
    },
    async buildEnd() {
      const files = made.get(this.format) ?? new Map<string, string>();
      const written = await join(files, this.format === "cjs" ? "cjs" : "esm", layers);
      await Promise.all([...files.keys()].filter((path) => !written.has(path)).map((path) => rm(path)));
    },
  };
}

async function join(files: ReadonlyMap<string, string>, format: "cjs" | "esm", layers: Layers): Promise<Set<string>> {
  const extension = format === "cjs" ? "cjs" : "js";
  const paths = [...files.keys()];
  const dir = paths.map(dirname).sort((a, b) => a.length - b.length)[0] ?? "dist";
  const isChunk = (path: string): boolean => /-[A-Z\d]{8}\.c?js$/.test(path);
  const bundle = await rollup({
    input: Object.fromEntries(paths.filter((path) => !isChunk(path)).map((path) => [nameOf(path), path])),
    plugins: [
      {
        name: "made-by-esbuild",
        resolveId(source, importer) {
          const path = importer === undefined ? source : resolve(dirname(importer), source);
          return files.has(path) ? path : { id: source, external: true };
        },
        load: (path) => files.get(path) ?? null,
      },
    ],
    // Without this every file would import every shared chunk, needed or not.
    treeshake: { moduleSideEffects: "no-external" },
    makeAbsoluteExternalsRelative: false,
    preserveEntrySignatures: "exports-only",
    onwarn: ({ code, message }) => {
      if (code === "CIRCULAR_CHUNK") throw new Error(message);
    },
  });
  const { output } = await bundle.write({
    dir,
    format,
    interop: "auto",
    manualChunks: chunkOf(layers),
    hashCharacters: "base36",
    entryFileNames: `[name].${extension}`,
    chunkFileNames: ({ name, isDynamicEntry }) => `${isDynamicEntry ? nameOf(name) : "chunk"}-[hash].${extension}`,
    // Otherwise each entry point imports each chunk itself, and one that is loaded late would be loaded at once.
    hoistTransitiveImports: false,
    plugins: format === "cjs" ? [lateRequire] : [],
  });
  await bundle.close();
  return new Set(output.map(({ fileName }) => resolve(dir, fileName)));
}

/** `plan-page` of `…/plan-page-JEJSLSKS.js`. */
const nameOf = (path: string): string => basename(path).replace(/(?:-[A-Z\d]{8})?(?:\.c?js)?$/, "");

/**
 * In CommonJS, packages and chunks are required where the source imports them late: Jest runs CommonJS in a context in which `import()`
 * fails without a flag of Node's. An `.mjs` file cannot be required.
 */
const lateRequire = {
  name: "late-require",
  renderChunk: (code: string) =>
    code.replace(/\bimport\((['"][^'"]+(?<!\.mjs)['"])\)/g, "Promise.resolve().then(() => require($1))"),
};

/** Which chunk a module belongs to; undefined: Rollup's own choice, one for each set of entry points. */
function chunkOf({ core, apart, shared }: Layers): ManualChunksOption {
  let reached: Map<string, Reach> | undefined;
  return (id, { getModuleInfo, getModuleIds }) => {
    reached ??= reachOf([...getModuleIds()], getModuleInfo);
    const { entries, isLoadedLate, isStart, needsPackages } = reached.get(id) ?? NOWHERE;
    // What imports a package or a module of Node stays away from entry points that run without it.
    if (isStart || needsPackages) return undefined;
    if (entries.has(core) || entries.size >= MANY) return core;
    if (apart.some(([one, other]) => entries.has(one) && entries.has(other))) return core;
    if (entries.size === 0 || (entries.size === 1 && !isLoadedLate)) return undefined;
    return shared.find((layer) => layer.some((entry) => entries.has(entry)))?.[0];
  };
}

interface Reach {
  /** The names of the entry points that import it at once, directly or through others. */
  readonly entries: Set<string>;
  /** Whether something that is loaded late imports it, too. */
  readonly isLoadedLate: boolean;
  /** Whether it is itself an entry point, or loaded late. */
  readonly isStart: boolean;
  readonly needsPackages: boolean;
}

const NOWHERE: Reach = { entries: new Set(), isLoadedLate: false, isStart: false, needsPackages: false };

function reachOf(ids: readonly string[], getModuleInfo: GetModuleInfo): Map<string, Reach> {
  const all = new Map<string, Set<string>>();
  const importsOf = (id: string): readonly string[] => getModuleInfo(id)?.importedIds ?? [];
  const visit = (id: string, seen: Set<string>): Set<string> => {
    if (seen.has(id)) return seen;
    seen.add(id);
    for (const imported of importsOf(id)) visit(imported, seen);
    return seen;
  };
  const late = new Set<string>();
  for (const id of ids) {
    const info = getModuleInfo(id);
    if (info?.isEntry)
      for (const below of visit(id, new Set())) all.set(below, (all.get(below) ?? new Set()).add(nameOf(id)));
    else if (info?.dynamicImporters.length) visit(id, late);
  }
  return new Map(
    ids.map((id) => {
      const info = getModuleInfo(id);
      const isPackage = (below: string): boolean => getModuleInfo(below)?.isExternal === true && !below.startsWith("#");
      return [
        id,
        {
          entries: all.get(id) ?? new Set(),
          isLoadedLate: late.has(id),
          isStart: info?.isEntry === true || (info?.dynamicImporters ?? []).length > 0,
          needsPackages: [...visit(id, new Set())].some(isPackage),
        },
      ];
    }),
  );
}
