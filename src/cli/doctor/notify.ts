import { type LoadedConfig, sendSamples } from "oplead-sdk/config";
import { notifySettings } from "../run/alerts.ts";
import { languageName, told } from "../texts/say.ts";
import { answersOf, type Check } from "./check.ts";

/** Sends a sample to each target of the config, and says which of them took it. */
export async function notifyChecks(loaded: LoadedConfig): Promise<Check[]> {
  const { targets = [], ...options } = notifySettings(loaded) ?? {};
  if (targets.length === 0) return [answersOf(told("check_notify")).broken("notify_missing")];
  const samples = await sendSamples(targets, { language: languageName(), ...options });
  return samples.map(({ target, problem }) => {
    const { ok, broken } = answersOf(told("check_notify_target", { target }));
    return problem === undefined ? ok("sample_sent") : broken("sample_not_sent", { reason: problem });
  });
}
