import { register } from "node:module";
import { pathToFileURL } from "node:url";

// Other modules of the process load as usual.
const MARK = "?oplead-config";

let isRegistered = false;

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
export async function importTypeScript(path) {
  if (!isRegistered) {
    // Node 26 prints that `register` is deprecated; its replacement needs Node 22.15.
    const { noDeprecation } = process;
    process.noDeprecation = true;
    register(new URL("./hooks.mjs", import.meta.url));
    process.noDeprecation = noDeprecation;
  }
  isRegistered = true;
  const module = await import(pathToFileURL(path).href + MARK);
  return module.default;
}
