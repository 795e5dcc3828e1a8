import type { AreaChange, PolicyContext } from "../../policy-types.ts";
import { getOrMake } from "../get-or-make.ts";
import { isEmpty, without } from "../network/masks.ts";
import { mapsOf, type PolicyMaps } from "./maps.ts";
import { type BrokenPlaces, kindsOf } from "./violations.ts";

/** The places of a county of which the same becomes. */
interface Changed extends Pick<AreaChange, "kind" | "certain" | "country" | "county"> {
  readonly places: BrokenPlaces[];
}

/**
 * The areas that get a user for some leads under a plan, and those that lose their last one, county by county: for
 * {@link PolicyCoverage.areas}, so that the plan carries them and its page shows them. What depends on an uncertain verdict is not certain. What
 * is lost comes first, and of that what concerns the most inhabitants.
 *
 * @throws {@link OpleadError} `invalid_input` for something else than `judge` of a policy is given.
 *
 * @example
 * ```ts
 * const coverage = { universe, locate, areas: areaChanges };
 * ```
 * @experimental
 */
export async function areaChanges(context: PolicyContext): Promise<readonly AreaChange[]> {
  const maps = await mapsOf(context, "areaChanges", false);
  const { network } = maps;
  const found = new Map<string, Changed>();
  for (const spotClass of maps.classes(false)) {
    const [before, after] = [maps.counts("before", spotClass), maps.counts("after", spotClass)];
    const [had, has] = [before.certain.moreThan(0), after.certain.moreThan(0)];
    const [lost, gained] = [without(had, has), without(has, had)];
    const [surelyLost, surelyGained] = [
      without(lost, after.possible.moreThan(0)),
      without(gained, before.possible.moreThan(0)),
    ];
    const changes = [
      { kind: "lost", certain: true, cells: surelyLost },
      { kind: "lost", certain: false, cells: without(lost, surelyLost) },
      { kind: "gained", certain: true, cells: surelyGained },
      { kind: "gained", certain: false, cells: without(gained, surelyGained) },
    ] as const;
    for (const { kind, certain, cells } of changes) {
      if (isEmpty(cells)) continue;
      const byCounty = new Map<string, number[]>();
      for (const spot of spotClass.spots) {
        const { country, counties } = network.spots.at(spot);
        const county = counties?.[0];
        const key = JSON.stringify([kind, certain, country, county]);
        getOrMake(found, key, () => ({ kind, certain, country, county, places: [] }));
        getOrMake(byCounty, key, () => []).push(spot);
      }
      for (const [key, spots] of byCounty) found.get(key)?.places.push({ spotClass, spots, cells });
    }
  }
  const areas: AreaChange[] = [];
  for (const changed of found.values()) {
    areas.push(told(changed, maps));
  }
  const rank = ({ kind, certain }: AreaChange) => (kind === "lost" ? 0 : 2) + (certain ? 0 : 1);
  return areas.sort((a, b) => rank(a) - rank(b) || (b.inhabitants ?? 0) - (a.inhabitants ?? 0));
}

function told({ kind, certain, country, county, places }: Changed, maps: PolicyMaps): AreaChange {
  const { spots, geography, universe } = maps.network;
  const all = places.flatMap((place) => place.spots).map((spot) => spots.at(spot));
  const known = all.flatMap(({ inhabitants }) => inhabitants ?? []);
  const ofCountry = universe.countries.find(({ code }) => code === country)?.label;
  return {
    ...{ kind, certain, country, county },
    name: county === undefined ? (ofCountry ?? country) : geography.countyName(country, county),
    zipCodes: all.flatMap(({ zipCode }) => zipCode ?? []),
    places: all.length,
    inhabitants: known.length === 0 ? undefined : known.reduce((sum, own) => sum + own, 0),
    kinds: kindsOf(maps, undefined, places),
  };
}
