import { getOrMake } from "../core/values.ts";
import { tellFinding } from "../locales/en/findings.ts";
import { onlyCounty, placesOf, placesTold } from "./finding.ts";
import { bitsOf, type Mask, meets, setBit } from "./masks.ts";
import type { CoverageFinding } from "./messages.ts";
import type { ClassStatus, Network, NetworkClass, NetworkUser } from "./network.ts";
import type { Dimensions } from "./types.ts";

const KINDS = [
  { kind: "gap", code: "no_user" },
  { kind: "thin", code: "one_user" },
] as const;

export function placeFindings(network: Network): CoverageFinding[] {
  const findings: CoverageFinding[] = [];
  for (const { kind, code } of KINDS) {
    const namesIn = usersConcerned(network, kind);
    for (const patch of patchesOf(network, (spot) => network.classAt(spot).status[kind])) {
      const { country, spots, dimensions } = patch;
      const accountNumbers = namesIn(patch);
      const places = placesTold(network, country, spots, dimensions, accountNumbers);
      const { zipCodes, inhabitants } = placesOf(network, spots);
      findings.push({
        kind,
        country,
        county: onlyCounty(network, spots),
        zipCodes,
        inhabitants,
        accountNumbers,
        dimensions,
        ...tellFinding(code, places),
      });
    }
  }
  return findings;
}

// Places and kinds of leads (cells): in each of the places, each of the kinds has the same status, such as a gap.
interface Patch {
  readonly country: string;
  // Numbers of the places, ascending.
  readonly spots: readonly number[];
  readonly cells: Mask;
  readonly dimensions: Dimensions;
}

// Makes patches: cells that are in the masks of exactly the same places share a patch.
export function patchesOf({ spots, cells }: Network, maskOf: (spot: number) => Mask): Patch[] {
  const words = Math.ceil(spots.all.length / 32);
  const patches: Patch[] = [];
  for (const [country, inCountry] of spots.byCountry) {
    // Bits of each cell, one per place.
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

// Returns account numbers, in the order in which the users were given.
export type UsersConcerned = (patch: Patch) => string[];

// Finds users by place first and then by kind of lead, because the status is the same throughout a patch. Asking for
// each pair of place and kind takes longer.
function usersConcerned(network: Network, kind: keyof ClassStatus): UsersConcerned {
  if (kind === "gap") return () => [];
  // The lists are short: a thin place has few such users.
  const usersOfClass = new Map<NetworkClass, readonly NetworkUser[]>();
  const inClass = (spotClass: NetworkClass): readonly NetworkUser[] =>
    getOrMake(usersOfClass, spotClass, () =>
      network.usersOf(spotClass).filter(({ mask }) => meets(mask, spotClass.status[kind])),
    );
  // Patches with the same places follow each other.
  let last: { readonly spots: readonly number[]; readonly users: readonly NetworkUser[] } | undefined;
  return ({ spots, cells }) => {
    if (last?.spots !== spots) {
      const users = new Set<NetworkUser>();
      for (const spotClass of new Set(spots.map((spot) => network.classAt(spot)))) {
        for (const user of inClass(spotClass)) users.add(user);
      }
      last = { spots, users: [...users].sort((a, b) => a.index - b.index) };
    }
    return last.users.filter(({ mask }) => meets(mask, cells)).map(({ accountNumber }) => accountNumber);
  };
}

// Looks for each user in the patch's places: users who share most of them are usually found at their first place.
export function usersEligible({ spots, users }: Network): UsersConcerned {
  return (patch) => {
    const inPatch = new Uint8Array(spots.all.length);
    for (const spot of patch.spots) inPatch[spot] = 1;
    return users
      .filter(({ mask, reach }) => meets(mask, patch.cells) && reach.spots.some((spot) => inPatch[spot] === 1))
      .map(({ accountNumber }) => accountNumber);
  };
}
