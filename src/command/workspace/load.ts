import { readdirSync, readFileSync } from "node:fs";
import { type LoadedConfig, type LoadOptions, loadConfig } from "oplead-sdk/config";
import { useLanguageOf } from "../say.ts";

/** Loads a config. From then on the command uses the language of the config, also for problems of the config itself. */
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
    // For example a syntax error. Its message is said in the language that the text of the config names.
    if (!isEvaluated) await useLanguageOf({ language: languageInText(options.file) });
    throw error;
  }
}

/** The language that the text of a config names; undefined if no file or no line can be found. */
export function languageInText(given: string | undefined): string | undefined {
  try {
    const file = given ?? readdirSync(".").find((name) => /^oplead\.config\.m?[jt]s$/.test(name));
    const text = file === undefined ? "" : readFileSync(file, "utf8");
    return /^\s*language:\s*["'](en|fr)["']/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
