import { readdirSync, readFileSync } from "node:fs";
import { type LoadedConfig, type LoadOptions, loadConfig } from "oplead-sdk/config";
import { useLanguageOf } from "../say.ts";

/**
 * Loads a config. From then on the command uses the language that the config names, also to report problems with the
 * config itself.
 */
export async function load({ override, ...options }: LoadOptions): Promise<LoadedConfig> {
  let isEvaluated = false;
  try {
    return await loadConfig({
      ...options,
      override: async (config) => {
        isEvaluated = true;
        await useLanguageOf(config);
        return (typeof override === "function" ? await override(config) : override) ?? {};
      },
    });
  } catch (error) {
    // The config could not be evaluated, for example because of a syntax error. The error is told in the language that
    // the file's text names.
    if (!isEvaluated) await useLanguageOf({ language: languageInText(options.file) });
    throw error;
  }
}

/**
 * The language that the text of a config file names; undefined if there is no such file or no line `language:` in it.
 */
export function languageInText(given: string | undefined): string | undefined {
  try {
    const file = given ?? readdirSync(".").find((name) => /^oplead\.config\.m?[jt]s$/.test(name));
    const text = file === undefined ? "" : readFileSync(file, "utf8");
    return /^\s*language:\s*["'](en|fr)["']/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
