import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import { transform } from "sucrase";

// Node's module hooks for the files of a config, in a thread of their own (see loader.mjs).

const MARK = "?oplead-config";
const TYPESCRIPT = /\.[mc]?ts$/;
// TypeScript imports may omit the ending, or name the compiled file.
const ENDINGS = [".ts", ".mts", "/index.ts"];

// Marks the config's own files, not packages.
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
    // sucrase removes namespaces without an error. Text that only looks like one, as in a comment, stays.
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

// As in newer Node, a file that does not compile as CommonJS is a module. Loading it reports any error.
function isCommonJs(source) {
  try {
    compileFunction(source, ["exports", "require", "module", "__filename", "__dirname"]);
    return true;
  } catch {
    return false;
  }
}
