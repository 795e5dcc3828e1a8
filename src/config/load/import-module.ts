import { pathToFileURL } from "node:url";
import { errorCode } from "../../base/error-code.ts";

/** Codes of Node for TypeScript, or for ESM syntax, that it cannot load itself. */
const NOT_NATIVE = new Set([
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
  "ERR_INVALID_TYPESCRIPT_SYNTAX",
  "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
  "ERR_MODULE_NOT_FOUND",
]);

/** Node 22.18 and 23.6 strip types by themselves; `false` or undefined elsewhere. */
const stripsTypes = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript);

/** The default export of a config file. Node loads it where it can; else its types are taken off by code that is loaded only then. */
export async function importDefault(path: string): Promise<unknown> {
  const isTypeScript = /\.m?ts$/.test(path);
  if (isTypeScript && !stripsTypes()) return importTransformed(path);
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    if (!mayLoadTransformed(error, path, isTypeScript)) throw error;
    return importTransformed(path);
  }
}

/**
 * Enums, namespaces, TypeScript without file extensions in its imports; and ESM in a `.js` file of a package without
 * `"type"`, which Node before 20.19 reads as CommonJS.
 */
function mayLoadTransformed(error: unknown, path: string, isTypeScript: boolean): boolean {
  const code = errorCode(error);
  if (isTypeScript) return code !== undefined && NOT_NATIVE.has(code);
  // If it is wrong in any syntax, the second attempt says so.
  return error instanceof SyntaxError && path.endsWith(".js");
}

async function importTransformed(path: string): Promise<unknown> {
  const { importTypeScript } = await import("./typescript/loader.mjs");
  return importTypeScript(path);
}
