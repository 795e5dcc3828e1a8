import { counted } from "../../base/words.ts";
import type { ClassStatus, Network } from "../network/network.ts";
import type { CoverageFinding, FindingKind } from "../types.ts";
import { usersText } from "../words.ts";
import { patchesOf } from "./by-place.ts";
import { countiesText, dimensionsText, onlyCounty, placesOf, placesText } from "./finding.ts";
import { usersConcerned } from "./users-concerned.ts";

const STATUSES: readonly { status: keyof ClassStatus; kind: FindingKind; certain: boolean; says: string }[] = [
  { status: "gap", kind: "gap", certain: true, says: "no eligible user" },
  { status: "uncertainGap", kind: "gap", certain: false, says: "no certainly eligible user" },
  { status: "thin", kind: "thin", certain: true, says: "only one eligible user" },
  { status: "uncertainThin", kind: "thin", certain: false, says: "only one certainly eligible user" },
  { status: "overlap", kind: "overlap", certain: true, says: "" },
];

/** The findings about places: gaps, places with one user only, places with more users than wanted. */
export function placeFindings(network: Network): CoverageFinding[] {
  return STATUSES.flatMap(({ status, kind, certain, says }) => {
    const words = says || `more than ${network.overlapAbove} eligible users`;
    const namesIn = usersConcerned(network, status);
    return patchesOf(network, (spot) => network.classAt(spot).status[status]).map((patch): CoverageFinding => {
      const { country, spots, dimensions } = patch;
      const accountNumbers = namesIn(patch);
      const what = `${spots.length === 1 ? "has" : "have"} ${words}${dimensionsText(dimensions)}`;
      const isWhole = network.spots.ofCountry(country).length === spots.length;
      const where = isWhole ? `the whole of ${country}` : countiesText(network, country, spots);
      return {
        kind,
        certain,
        country,
        county: onlyCounty(network, spots),
        ...placesOf(network, spots),
        accountNumbers,
        dimensions,
        message: `${placesText(network, spots)} ${what}${namesText(status, accountNumbers)} (${where})`,
      };
    });
  });
}

/** Few users are named; of those who only may be eligible, who can be many, the number is enough. */
function namesText(status: keyof ClassStatus, accountNumbers: readonly string[]): string {
  if (accountNumbers.length === 0) return "";
  if (status !== "uncertainGap") return `: ${usersText(accountNumbers)}`;
  const who = accountNumbers.length > 3 ? counted(accountNumbers.length, "user") : usersText(accountNumbers);
  return `; ${who} may be eligible`;
}
