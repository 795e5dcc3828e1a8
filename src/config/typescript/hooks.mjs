import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import { transform } from "sucrase";

// Hooks that Node calls to load the files of a config: see loader.mjs. They run in a thread of their own.

const MARK = "?oplead-config";
const TYPESCRIPT = /\.[mc]?ts$/;
/**
 * The endings that are tried. In TypeScript, an import may leave out the ending, or name the file that a compiler would
 * make.
 */
const ENDINGS = [".ts", ".mts", "/index.ts"];

/** Marks the config's own files, so that `load` handles them. Files of packages are not marked. */
export async function resolve(specifier, context, nextResolve) {
  if (!context.parentURL?.endsWith(MARK)) {
    return specifier.endsWith(MARK) ? { url: specifier, shortCircuit: true } : nextResolve(specifier, context);
  }
  const resolved = await resolveTypeScript(specifier, context, nextResolve);
  const isOwn = resolved.url.startsWith("file:") && !resolved.url.includes("/node_modules/");
  if (!isOwn || !/\.(?:[mc]?ts|js)$/.test(resolved.url)) return resolved;
  return { ...resolved, url: resolved.url + MARK };
}

async function resolveTypeScript(specifier, context, nextResolve) {
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    if (!/^\.{0,2}\//.test(specifier)) throw error;
    const stem = specifier.replace(/\.[mc]?js$/, "");
    for (const ending of ENDINGS) {
      const found = await nextResolve(stem + ending, context).catch(() => undefined);
      if (found) return found;
    }
    throw error;
  }
}

export async function load(url, context, nextLoad) {
  if (!url.endsWith(MARK)) return nextLoad(url, context);
  const plain = url.slice(0, -MARK.length);
  const source = await readFile(fileURLToPath(plain), "utf8");
  if (TYPESCRIPT.test(plain)) {
    const { code } = transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      filePath: fileURLToPath(plain),
    });
    // sucrase removes namespaces without an error, so they are counted before and after. Text that only looks like a
    // namespace, for example in a comment, is not removed.
    if (namespacesIn(code) < namespacesIn(source))
      throw new SyntaxError(`${fileURLToPath(plain)}: namespaces are not supported here. Use a file of its own.`);
    return { format: "module", source: code, shortCircuit: true };
  }
  if (!isCommonJs(source)) return { format: "module", source, shortCircuit: true };
  return nextLoad(plain, context);
}

function namespacesIn(source) {
  return [...source.matchAll(/^\s*(?:export\s+)?(?:namespace|module)\s+\w+\s*\{/gm)].length;
}

/**
 * Whether a file is CommonJS. As in newer versions of Node, a file that does not compile as CommonJS is treated as a
 * module. If the module is wrong too, loading it reports the error.
 */
function isCommonJs(source) {
  try {
    compileFunction(source, ["exports", "require", "module", "__filename", "__dirname"]);
    return true;
  } catch {
    return false;
  }
}
