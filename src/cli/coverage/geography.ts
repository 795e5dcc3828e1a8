import type { CountryDetails } from "oplead-sdk";
import type { Locate } from "oplead-sdk/coverage";
import type { SourceUser } from "oplead-sdk/sync";
import type { Context } from "../command.ts";
import { say } from "../texts/say.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { settingsOf } from "./policies.ts";

export interface Geography {
  readonly locate: Locate;
  readonly countries: readonly CountryDetails[];
}

type WithRules = Pick<SourceUser, "rules">;

/**
 * Where postcodes are: as the config says, else France, which comes with the package. `online` reads the countries that the rules name from
 * Oplead, as the platform has them.
 */
export async function geography(
  workspace: Workspace,
  { output, interrupts }: Context,
  users: readonly WithRules[],
  online = false,
): Promise<Geography> {
  const france = await import("oplead-sdk/coverage/france");
  const { universe, locate = france.locate } = settingsOf(workspace.config);
  const codes = countriesOf(users).add("FR");
  if (online) {
    const { oplead } = workspace;
    const { signal } = interrupts;
    // A country that the platform does not have is a finding, and not the end of the command.
    const known = (await oplead.listCountries({ signal })).filter(({ code }) => codes.has(code));
    return { locate, countries: await Promise.all(known.map(({ code }) => oplead.getCountry(code, { signal }))) };
  }
  const countries = universe?.countries ?? [france.franceCountry()];
  warnOfCountries(users, countries, output);
  return { locate, countries };
}

/** Warns of countries that rules name and that are not known. */
export function warnOfCountries(
  users: readonly WithRules[],
  countries: readonly CountryDetails[],
  output: Context["output"],
): void {
  const others = [...countriesOf(users)].filter((code) => countries.every((known) => known.code !== code));
  if (others.length === 0) return;
  output.warn(
    say("only_france_known", {
      countries: others.join(", "),
    }),
  );
}

/** Whether a country that lists postcodes does not have this one. */
export function isUnknownZip({ countries, locate }: Geography, country: string, zipCode: string): boolean {
  const listed = countries
    .find(({ code }) => code === country)
    ?.counties.flatMap(({ postCodeZips = [] }) => postCodeZips);
  return listed !== undefined && listed.length > 0 && !listed.includes(zipCode) && !locate(zipCode, country);
}

/** The codes of the countries that the geographical rules of users name. */
function countriesOf(users: readonly WithRules[]): Set<string> {
  const codes = new Set<string>();
  for (const { rules } of users) {
    // A rule made by a builder is written by JSON.stringify as it is sent.
    const geographical = jsonOf(rules?.geographical) as
      | { handledCountries?: { handledCountry?: { code?: unknown } }[] }
      | undefined;
    for (const { handledCountry } of geographical?.handledCountries ?? []) {
      if (typeof handledCountry?.code === "string") codes.add(handledCountry.code);
    }
  }
  return codes;
}

/** The wire form of a rule; undefined for one that cannot be written, which is found elsewhere. */
function jsonOf(rule: unknown): unknown {
  try {
    return rule === undefined ? undefined : JSON.parse(JSON.stringify(rule));
  } catch {
    return undefined;
  }
}
