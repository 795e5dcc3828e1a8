import { register } from "node:module";
import { pathToFileURL } from "node:url";

/** Marks the modules that the hooks load. All other modules of the process are loaded as usual. */
const MARK = "?oplead-config";

let isRegistered = false;

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
export async function importTypeScript(path) {
  if (!isRegistered) {
    // Node 26 would print that `register` is deprecated. Its replacement exists only from Node 22.15 on.
    const { noDeprecation } = process;
    process.noDeprecation = true;
    register(new URL("./hooks.mjs", import.meta.url));
    process.noDeprecation = noDeprecation;
  }
  isRegistered = true;
  const module = await import(pathToFileURL(path).href + MARK);
  return module.default;
}
