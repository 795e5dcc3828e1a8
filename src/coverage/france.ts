// An entry point of its own: the table is larger than all other code of coverage.
import { alsoIn, places } from "../../generated/france-places.ts";
import type { CountryDetails } from "../rules/countries.ts";
import type { Place } from "./types.ts";

interface Table {
  readonly country: CountryDetails;
  readonly places: ReadonlyMap<string, Place>;
}

let read: Table | undefined;

function table(): Table {
  read ??= readTable();
  return read;
}

/**
 * Where a French postcode is, for the option `locate`; undefined for other countries and unknown postcodes. The centre
 * is the mean of the postcode's towns, weighted by inhabitants, to about a kilometre; the uncertainty is an estimate.
 * 98799 (Clipperton) has no centre. Inhabitants of a commune with several postcodes are divided evenly.
 *
 * Sources: INSEE and La Poste by way of `@etalab/decoupage-administratif`, Licence Ouverte 2.0; DGFiP by way of
 * `codes-postaux`, Licence Ouverte 2.0; GeoNames, CC BY 4.0.
 */
export function locate(zipCode: string, country: string): Place | undefined {
  return country === "FR" ? table().places.get(zipCode) : undefined;
}

/**
 * France in the form of `getCountry("FR")`, without a call to Oplead: every département and overseas collectivity with
 * its postcodes, without Clipperton. Counties are numbered as in Oplead's documentation. Only `getCountry` says what your platform knows.
 */
export function franceCountry(): CountryDetails {
  return table().country;
}

function readTable(): Table {
  const further = new Map(alsoIn.split(",").map((item) => [item.slice(0, 5), item.split(" ").slice(1)]));
  const found = new Map<string, Place>();
  const counties = new Map<string, { number: string; label: string; postCodeZips: string[] }>();
  for (const line of places.trim().split("\n")) {
    const [number = "", label = "", items = ""] = line.split("|");
    counties.set(number, { number, label, postCodeZips: [] });
    let [zip, latitude, longitude] = [0, 0, 0];
    for (const item of items.split(",")) {
      const [gap = 0, inhabitants = 0, uncertaintyKm, north = 0, east = 0] = item.split(" ").map(Number);
      zip += gap;
      latitude += north;
      longitude += east;
      const zipCode = String(zip).padStart(5, "0");
      const known = uncertaintyKm !== undefined;
      found.set(zipCode, {
        ...(known && { coordinates: [latitude / 100, longitude / 100], uncertaintyKm }),
        inhabitants,
        counties: [number, ...(further.get(zipCode) ?? [])],
      });
    }
  }
  for (const [zipCode, place] of found) {
    for (const county of place.counties ?? []) counties.get(county)?.postCodeZips.push(zipCode);
  }
  // Nobody lives on Clipperton: without a user it is no gap.
  counties.delete("989");
  const list = [...counties.values()].map((county) => ({ ...county, postCodeZips: county.postCodeZips.sort() }));
  return { places: found, country: { code: "FR", label: "France", counties: list } };
}
