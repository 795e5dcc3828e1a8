import * as nodeModule from "node:module";
import { pathToFileURL } from "node:url";

/** Marks what the hooks load: they leave all other modules of the process alone. */
const MARK = "?oplead-config";

/** Missing before Node 20.6, so not imported by name. */
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
    // Node 26 would print that it is deprecated. What replaces it came with 22.15.
    const { noDeprecation } = process;
    process.noDeprecation = true;
    register(new URL("./hooks.mjs", import.meta.url));
    process.noDeprecation = noDeprecation;
  }
  isRegistered = true;
  const module = await import(pathToFileURL(path).href + MARK);
  return module.default;
}
