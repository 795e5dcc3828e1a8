import { readdirSync, readFileSync } from "node:fs";
import { type LoadedConfig, type LoadOptions, loadConfig } from "#parts";
import { useLanguageOf } from "../say.ts";

// The config's language also tells the problems of the config itself.
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
    // Not evaluated, for example a syntax error: the text names the language.
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
