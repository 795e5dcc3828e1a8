import { readdirSync, readFileSync } from "node:fs";
import { type LoadedConfig, type LoadOptions, loadConfig } from "#parts";
import { useLanguageOf } from "../say.ts";

// Problems of the config are told in the config's language, too.
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
    // The config was not evaluated, for example because of a syntax error: its text names the language.
    if (!isEvaluated) await useLanguageOf({ language: languageInText(options.file) });
    throw error;
  }
}

export function languageInText(given: string | undefined): string | undefined {
  try {
    const file = given ?? readdirSync(".").find((name) => /^oplead\.config\.m?[jt]s$/.test(name));
    const text = file === undefined ? "" : readFileSync(file, "utf8");
    return /^\s*language:\s*["'](en|fr)["']/m.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
