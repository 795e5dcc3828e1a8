import { type LoadedConfig, type LoadOptions, loadConfig } from "oplead-sdk/config";
import { useLanguageOf } from "../say.ts";

/** Loads a config, and speaks its language from then on, also about what is wrong with it. */
export function load({ override, ...options }: LoadOptions): Promise<LoadedConfig> {
  return loadConfig({
    ...options,
    override: async (config) => {
      await useLanguageOf(config);
      return (typeof override === "function" ? await override(config) : override) ?? {};
    },
  });
}
