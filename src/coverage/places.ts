/*
 * Findings about places: gaps, places with one user, and overlaps.
 */

import { getOrMake } from "../core/values.ts";
import { tellFinding } from "../locales/en/findings.ts";
import { onlyCounty, placesOf, placesTold } from "./finding.ts";
import { bitsOf, type Mask, meets, setBit } from "./masks.ts";
import type { CoverageFinding, FindingKind } from "./messages.ts";
import type { ClassStatus, Network, NetworkClass, NetworkUser } from "./network.ts";
import type { Dimensions } from "./types.ts";

const STATUSES = [
  { status: "gap", kind: "gap", certain: true, code: "no_user" },
  { status: "uncertainGap", kind: "gap", certain: false, code: "no_certain_user" },
  { status: "thin", kind: "thin", certain: true, code: "one_user" },
  { status: "uncertainThin", kind: "thin", certain: false, code: "one_certain_user" },
  { status: "overlap", kind: "overlap", certain: true, code: "many_users" },
] as const satisfies readonly { status: keyof ClassStatus; kind: FindingKind; certain: boolean; code: string }[];

/** The findings about places: gaps, places with only one user, and places with too many users. */
export function placeFindings(network: Network): CoverageFinding[] {
  const findings: CoverageFinding[] = [];
  for (const { status, kind, certain, code } of STATUSES) {
    const namesIn = usersConcerned(network, status);
    for (const patch of patchesOf(network, (spot) => network.classAt(spot).status[status])) {
      const { country, spots, dimensions } = patch;
      const accountNumbers = namesIn(patch);
      const places = placesTold(network, country, spots, dimensions, accountNumbers);
      const { zipCodes, inhabitants } = placesOf(network, spots);
      findings.push({
        kind,
        certain,
        country,
        county: onlyCounty(network, spots),
        zipCodes,
        inhabitants,
        accountNumbers,
        dimensions,
        ...tellFinding(code, { ...places, limit: network.overlapAbove }),
      });
    }
  }
  return findings;
}

/**
 * A patch: places and kinds of leads with one status, such as a gap. Every one of the kinds of leads has this status in
 * every one of the places.
 */
interface Patch {
  readonly country: string;
  /** The numbers of the places, in ascending order. */
  readonly spots: readonly number[];
  readonly cells: Mask;
  readonly dimensions: Dimensions;
}

/**
 * Makes patches, country by country. `maskOf` returns, for each place, a mask of kinds of leads (cells). Kinds of leads
 * that are in the masks of exactly the same places share a patch.
 */
export function patchesOf({ spots, cells }: Network, maskOf: (spot: number) => Mask): Patch[] {
  const words = Math.ceil(spots.all.length / 32);
  const patches: Patch[] = [];
  for (const [country, inCountry] of spots.byCountry) {
    /**
     * For each kind of lead (cell), one bit per place. The bit is 1 if the mask that `maskOf` returns for the place has
     * the kind.
     */
    const columns = new Uint32Array(cells.size * words);
    const inAny = cells.mask();
    for (const spot of inCountry) {
      const mask = maskOf(spot);
      const [place, bit] = [spot >>> 5, 1 << (spot & 31)];
      for (let word = 0; word < mask.length; word += 1) {
        inAny[word] = (inAny[word] ?? 0) | (mask[word] ?? 0);
        for (let rest = mask[word] ?? 0; rest !== 0; rest &= rest - 1) {
          const at = (word * 32 + 31 - Math.clz32(rest & -rest)) * words + place;
          columns[at] = (columns[at] ?? 0) | bit;
        }
      }
    }
    const groups = new Map<string, { readonly spots: readonly number[]; readonly mask: Mask }>();
    for (const cell of bitsOf(inAny)) {
      const column = columns.subarray(cell * words, (cell + 1) * words);
      const group = getOrMake(groups, column.join(), () => ({ spots: bitsOf(column), mask: cells.mask() }));
      setBit(group.mask, cell);
    }
    for (const { mask, spots } of groups.values()) {
      for (const dimensions of cells.boxes(mask)) {
        patches.push({ country, spots, cells: cells.of(dimensions), dimensions });
      }
    }
  }
  return patches;
}

/**
 * Returns the account numbers that a finding about a patch (places and kinds of leads with one status) names, in the
 * order in which the users were given.
 */
export type UsersConcerned = (patch: Patch) => string[];

/**
 * Finds the users of a patch (places and kinds of leads with one status). For thin places, this is the only eligible
 * user; for uncertain gaps, the users that may be eligible; for overlaps, the eligible users. All kinds of leads of a
 * patch have the same status in all places of the patch. So the users are found by place first and then by kind of
 * lead, and not for each pair of both.
 */
function usersConcerned(network: Network, status: keyof ClassStatus): UsersConcerned {
  if (status === "gap") return () => [];
  if (status === "overlap") return usersEligible(network);
  const isOpen = status === "uncertainGap";
  const fields = isOpen ? (["pass", "uncertain"] as const) : (["pass"] as const);
  const maskOf = ({ masks }: NetworkUser): Mask => (isOpen ? masks.possible : masks.pass);
  /**
   * For each class of places (places that the same users reach), the users who are eligible there, or may be, for a
   * kind of lead with the status `status`. The lists are short: a gap or a thin place has few such users.
   */
  const usersOfClass = new Map<NetworkClass, readonly NetworkUser[]>();
  const inClass = (spotClass: NetworkClass): readonly NetworkUser[] =>
    getOrMake(usersOfClass, spotClass, () =>
      network.usersOf(spotClass, ...fields).filter((user) => meets(maskOf(user), spotClass.status[status])),
    );
  // Patches (each has some places and some kinds of leads) with the same places follow each other. So it is enough to
  // keep the users of the places of the previous patch.
  let last: { readonly spots: readonly number[]; readonly users: readonly NetworkUser[] } | undefined;
  return ({ spots, cells }) => {
    if (last?.spots !== spots) {
      const users = new Set<NetworkUser>();
      for (const spotClass of new Set(spots.map((spot) => network.classAt(spot)))) {
        for (const user of inClass(spotClass)) users.add(user);
      }
      last = { spots, users: [...users].sort((a, b) => a.index - b.index) };
    }
    return last.users.filter((user) => meets(maskOf(user), cells)).map(({ accountNumber }) => accountNumber);
  };
}

/**
 * Finds the users that are eligible for a lead of a patch (a set of places and of kinds of leads). The search through a
 * user's places ends at the first place that lies in the patch. If users share most of their places, the first place of
 * a user usually lies in the patch, so the search is short.
 */
export function usersEligible({ spots, users }: Network): UsersConcerned {
  return (patch) => {
    const inPatch = new Uint8Array(spots.all.length);
    for (const spot of patch.spots) inPatch[spot] = 1;
    return users
      .filter(({ masks, reach }) => meets(masks.pass, patch.cells) && reach.pass.some((spot) => inPatch[spot] === 1))
      .map(({ accountNumber }) => accountNumber);
  };
}
