import { tellFinding } from "../../locales/en/findings.ts";
import type { ClassStatus, Network } from "../network/network.ts";
import type { CoverageFinding, FindingKind } from "../types.ts";
import { patchesOf } from "./by-place.ts";
import { onlyCounty, placesOf, placesTold, usersTold } from "./finding.ts";
import { nearestFinder } from "./nearest.ts";
import { usersConcerned } from "./users-concerned.ts";

const STATUSES = [
  { status: "gap", kind: "gap", certain: true, code: "no_user" },
  { status: "uncertainGap", kind: "gap", certain: false, code: "no_certain_user" },
  { status: "thin", kind: "thin", certain: true, code: "one_user" },
  { status: "uncertainThin", kind: "thin", certain: false, code: "one_certain_user" },
  { status: "overlap", kind: "overlap", certain: true, code: "many_users" },
] as const satisfies readonly { status: keyof ClassStatus; kind: FindingKind; certain: boolean; code: string }[];

/** The findings about places: gaps, places with one user only, places with more users than wanted. */
export function placeFindings(network: Network): CoverageFinding[] {
  const findings: CoverageFinding[] = [];
  const nearestTo = nearestFinder(network);
  for (const { status, kind, certain, code } of STATUSES) {
    const namesIn = usersConcerned(network, status);
    for (const patch of patchesOf(network, (spot) => network.classAt(spot).status[status])) {
      const { country, spots, dimensions } = patch;
      const accountNumbers = namesIn(patch);
      const told = { ...placesTold(network, country, spots, dimensions), ...usersTold(accountNumbers) };
      findings.push({
        kind,
        certain,
        country,
        county: onlyCounty(network, spots),
        ...placesOf(network, spots),
        accountNumbers,
        dimensions,
        nearest: status === "gap" ? nearestTo(patch) : [],
        ...tellFinding(code, { ...told, limit: network.overlapAbove }),
      });
    }
  }
  return findings;
}
