import type { Mask } from "../network/cells.ts";
import type { ClassStatus, Network } from "../network/network.ts";
import type { CoverageFinding, FindingKind } from "../types.ts";
import { usersText } from "../users-text.ts";
import { counted } from "../words.ts";
import { type Patch, patchesOf } from "./by-place.ts";
import { countiesText, dimensionsText, inhabitantsOf, onlyCounty, placesText, zipCodesOf } from "./finding.ts";
import { UsersConcerned } from "./users-concerned.ts";

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
    const maskOf = (spot: number): Mask => (network.status[network.classOf[spot] as number] as ClassStatus)[status];
    const words = says || `more than ${network.overlapAbove} eligible users`;
    const concerned = new UsersConcerned(network, status);
    return patchesOf(network.spots.all, network.cells, maskOf).map((patch): CoverageFinding => {
      const accountNumbers = concerned.in(patch);
      return {
        kind,
        certain,
        country: patch.country,
        county: onlyCounty(network, patch.spots),
        zipCodes: zipCodesOf(network, patch.spots),
        inhabitants: inhabitantsOf(network, patch.spots),
        accountNumbers,
        dimensions: patch.dimensions,
        message: messageOf(network, patch, status, words, accountNumbers),
      };
    });
  });
}

function messageOf(
  network: Network,
  patch: Patch,
  status: keyof ClassStatus,
  words: string,
  accountNumbers: readonly string[],
): string {
  const { country, spots, dimensions } = patch;
  const have = spots.length === 1 ? "has" : "have";
  const users = namesText(status, accountNumbers);
  const all = network.spots.ofCountry(country).length === spots.length;
  const where = all ? ` (the whole of ${country})` : ` (${countiesText(network, country, spots)})`;
  return `${placesText(network, spots)} ${have} ${words}${dimensionsText(dimensions)}${users}${where}`;
}

/** Few users are named; of those who only may be eligible, who can be many, the number is enough. */
function namesText(status: keyof ClassStatus, accountNumbers: readonly string[]): string {
  if (accountNumbers.length === 0) return "";
  if (status === "uncertainGap") {
    const who = accountNumbers.length > 3 ? counted(accountNumbers.length, "user") : usersText(accountNumbers);
    return `; ${who} may be eligible`;
  }
  return `: ${usersText(accountNumbers)}`;
}
