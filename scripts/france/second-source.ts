/**
 * The second source of French postcodes: FIMOCT, the streets of the tax office (DGFiP), by way of codes-postaux 4.1.2. It was last made in
 * 2023. The first source (INSEE and La Poste, by way of @etalab/decoupage-administratif) is newer and decides wherever both know a commune.
 * The second one adds:
 *
 * - postcodes that the first does not list, because only some streets of a commune have them: a second town of the commune (Passy: 74480),
 *   a base of the army (29240, 83800), or a whole commune by its older postcode (20211, 20264);
 * - départements, where some addresses of a commune have a postcode of the neighbouring département (12210 serves a hamlet in Cantal).
 *
 * Not taken: 75015 and 75016 in the département 92. Issy-les-Moulineaux and Boulogne-Billancourt have streets along the border of Paris, and
 * the tax office lists their Parisian side ("PARIS") under the neighbour's number. The houses with this postcode stand in Paris.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface Line {
  readonly codePostal: string;
  readonly codeCommune: string;
  readonly nomCommune: string;
  readonly libelleAcheminement: string;
}

/** The communes that a postcode serves, wholly or in part, as the second source says. */
export function secondSource(): Map<string, string[]> {
  const file = createRequire(import.meta.url).resolve("codes-postaux/codes-postaux.json");
  const found = new Map<string, string[]>();
  for (const line of JSON.parse(readFileSync(file, "utf8")) as Line[]) {
    if (isBorderOfParis(line)) continue;
    found.set(line.codePostal, [...(found.get(line.codePostal) ?? []), line.codeCommune]);
  }
  return found;
}

function isBorderOfParis({ libelleAcheminement, codeCommune }: Line): boolean {
  return libelleAcheminement === "PARIS" && !codeCommune.startsWith("75");
}

/**
 * Communes of whose inhabitants a part has a postcode that only the second source knows: of the 880 streets of Passy 214 have 74480. The
 * other added postcodes have one to four streets, or are older ones of communes whose inhabitants are counted at the new one: none.
 */
export const partOfCommune: { readonly [code: string]: { readonly zip: string; readonly part: number } | undefined } = {
  "74208": { zip: "74480", part: 214 / 880 },
};
