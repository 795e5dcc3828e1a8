import type { SourceUser } from "oplead-sdk/sync";

/** The codes of the countries that the geographical rules of users name. */
export function countriesOf(users: readonly Pick<SourceUser, "rules">[]): Set<string> {
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
