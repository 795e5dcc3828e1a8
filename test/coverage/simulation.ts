/**
 * Leads that a platform assigns by a known set of assumptions. People move some of the leads by hand. The oracle
 * assigns the leads, not the code under test.
 */
import { type Assumptions, defaultAssumptions, type Lead, type ObservedLead } from "../../src/coverage/index.ts";
import { admitted, type PlainUser, type World } from "./oracle.ts";

/** A generator of random numbers between 0 and 1 from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const RANGES = ["RNG_A", "RNG_B", "RNG_C"];

/**
 * Sixteen counties in a square, each with nine postcodes 12 km apart. A tenth of the postcodes lie in a second county.
 */
export function gridWorld(random: () => number): World {
  const places: Record<string, World["places"][string]> = {};
  const counties = Array.from({ length: 16 }, (_, index) => ({
    number: `${index + 10}`,
    label: "",
    postCodeZips: [] as string[],
  }));
  for (let row = 0; row < 12; row += 1) {
    for (let column = 0; column < 12; column += 1) {
      const county = counties[Math.floor(row / 3) * 4 + Math.floor(column / 3)];
      const zip = `${county?.number}${row % 3}${column % 3}0`;
      places[zip] = { coordinates: [46 + row * 0.108, 3 + column * 0.155], uncertaintyKm: 0.5, inhabitants: 1_000 };
      county?.postCodeZips.push(zip);
      if (random() < 0.1) counties[Math.floor(random() * 16)]?.postCodeZips.push(zip);
    }
  }
  const once = counties.map((county) => ({ ...county, postCodeZips: [...new Set(county.postCodeZips)] }));
  return { places, countries: [{ code: "FR", label: "France", counties: once }] };
}

export function randomNetwork(random: () => number, world: World, size: number): PlainUser[] {
  const zips = Object.keys(world.places);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: size }, (_, index) => {
    const zipCode = pick(zips);
    const counties = [...new Set([zipCode.slice(0, 2), pick(zips).slice(0, 2)])];
    const area = counties.map((number) => ({ handledCounty: { number } }));
    return {
      accountNumber: `U${index}`,
      zipCode,
      rules: {
        ...(random() < 0.7 && {
          geographical: { handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: area }] },
        }),
        ...(random() < 0.6 && { maxDistance: pick([20, 30, 45]) }),
        ...(random() < 0.7 && {
          competences: RANGES.filter(() => random() < 0.6).map((code) => ({ range: { code } })),
        }),
        ...(random() < 0.3 && { profileTypes: [pick(["pro", "single"] as const)] }),
      },
    };
  });
}

/** A set of assumptions that a platform may follow. */
export function randomTruth(random: () => number): Assumptions {
  const yes = () => random() < 0.5;
  return {
    ...defaultAssumptions,
    emptyRule: yes() ? "admits_all" : "admits_none",
    combination: yes() ? "area_or_radius" : "all",
    zipInTwoCounties: yes() ? "all" : "any",
    detourFactor: yes() ? 1.3 : 1,
  };
}

interface Simulated {
  readonly observed: readonly ObservedLead[];
  /** The number of leads that were moved by hand. */
  readonly moved: number;
}

/** Leads at random places. Each goes to one of the users that may get it. */
export function simulate(
  random: () => number,
  world: World,
  truth: Assumptions,
  users: readonly PlainUser[],
  { leads, noise }: { readonly leads: number; readonly noise: number },
): Simulated {
  const zips = Object.keys(world.places);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const observed: ObservedLead[] = [];
  let moved = 0;
  for (let tries = 0; observed.length < leads && tries < 20 * leads; tries += 1) {
    const lead: Lead = {
      country: "FR",
      zipCode: pick(zips),
      range: pick(RANGES),
      profileType: pick(["pro", "single"]),
    };
    const able = users.filter((user) => admitted(user, lead, world, truth) === "yes");
    if (able.length === 0) continue;
    const isMoved = random() < noise;
    moved += Number(isMoved);
    observed.push({ ...lead, accountNumber: pick(isMoved ? users : able).accountNumber });
  }
  return { observed, moved };
}
