import * as nodeModule from "node:module";
import { pathToFileURL } from "node:url";

/** Marks the modules that the hooks load. All other modules of the process are loaded as usual. */
const MARK = "?oplead-config";

/** The function is not imported by name, because Node before 20.6 does not have it. */
const { register } = nodeModule;

let isRegistered = false;

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
export async function importTypeScript(path) {
  if (register === undefined) {
    throw new Error(
      `Node ${process.versions.node} cannot load it. Use Node 20.6 or newer, or write it as oplead.config.mjs.`,
    );
  }
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
