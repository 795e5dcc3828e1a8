import type { CoverageSettings, OpleadConfig } from "oplead-sdk/config";
import type { PolicyCoverage, SyncPolicy } from "oplead-sdk/sync";

export const settingsOf = ({ coverage }: Pick<OpleadConfig, "coverage">): CoverageSettings =>
  typeof coverage === "object" ? coverage : {};

/**
 * The policies of the config, and what they are judged over: where it does not say, France and the codes that rules name. Undefined without
 * policies and without coverage. With the table of France, postcodes are compared with it where the platform lists none.
 */
export async function policiesOf(
  { coverage, policies = [] }: OpleadConfig,
  ...more: readonly (SyncPolicy | undefined)[]
): Promise<{ readonly coverage: PolicyCoverage; readonly policies: readonly SyncPolicy[] } | undefined> {
  if (policies.length === 0 && !coverage) return undefined;
  const { franceCountry, locate } = await import("oplead-sdk/coverage/france");
  const { areaChanges: areas } = await import("oplead-sdk/coverage");
  const { company: _company, ...settings } = settingsOf({ coverage });
  const universe = { countries: [franceCountry()], ...settings.universe };
  return {
    policies: [...policies, ...more.flatMap((policy) => policy ?? [])],
    coverage: { locate, areas, ...settings, universe },
  };
}
