import type { OpleadConfig } from "oplead-sdk/config";
import type { PolicyCoverage, SyncPolicy } from "oplead-sdk/sync";

/** The policies of the config, and what they are judged over: where it does not say, France and the codes that rules name. */
export async function policiesOf({
  coverage,
  policies = [],
}: OpleadConfig): Promise<{ readonly coverage: PolicyCoverage; readonly policies: readonly SyncPolicy[] } | undefined> {
  if (policies.length === 0) return undefined;
  const { franceCountry, locate } = await import("oplead-sdk/coverage/france");
  const settings = typeof coverage === "object" ? coverage : {};
  const universe = { countries: [franceCountry()], ...settings.universe };
  return { policies, coverage: { locate, ...settings, universe } };
}
