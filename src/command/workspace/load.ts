import { type LoadedConfig, type LoadOptions, loadConfig } from "#parts";
import { languageInText, useLanguageOf } from "../say.ts";

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
