import { france } from "../../generated/france.ts";
import type { CountryDetails, County } from "../rules/countries.ts";
import type {} from "./user.ts";

/**
 * Real countries, for `createFakeOplead({ countries: realCountries() })`: France with every département and every
 * postcode in it, also in part, and a few counties of Belgium, Switzerland and Luxembourg. Oplead's examples number
 * French counties as départements; the numbers of others are the second half of the ISO 3166-2 code (assumed).
 */
export function realCountries(): CountryDetails[] {
  return [{ code: "FR", label: "France", counties: departements() }, ...structuredClone(neighbours)];
}

// `01;Ain;1000 90 10`
function departements(): County[] {
  return france
    .trim()
    .split("\n")
    .map((line) => {
      const [number = "", label = "", distances = ""] = line.split(";");
      let zip = 0;
      const postCodeZips = distances.split(" ").map((distance) => {
        zip += Number(distance);
        return String(zip).padStart(5, "0");
      });
      return { number, label, postCodeZips };
    });
}

const neighbours: readonly CountryDetails[] = [
  {
    code: "BE",
    label: "Belgique",
    counties: [
      { number: "BRU", label: "Bruxelles-Capitale", postCodeZips: ["1000", "1030", "1050", "1070", "1080", "1180"] },
      { number: "VAN", label: "Anvers", postCodeZips: ["2000", "2018", "2060", "2800"] },
      { number: "VOV", label: "Flandre-Orientale", postCodeZips: ["9000", "9300"] },
      { number: "WHT", label: "Hainaut", postCodeZips: ["6000", "7000", "7500"] },
      { number: "WLG", label: "Liège", postCodeZips: ["4000", "4020", "4800"] },
      { number: "WLX", label: "Luxembourg", postCodeZips: ["6700", "6800"] },
      { number: "WNA", label: "Namur", postCodeZips: ["5000", "5500"] },
    ],
  },
  {
    code: "CH",
    label: "Suisse",
    counties: [
      { number: "BS", label: "Bâle-Ville", postCodeZips: ["4001", "4051", "4052"] },
      { number: "GE", label: "Genève", postCodeZips: ["1201", "1202", "1203", "1204"] },
      { number: "VD", label: "Vaud", postCodeZips: ["1003", "1004", "1400", "1800"] },
      { number: "ZH", label: "Zurich", postCodeZips: ["8001", "8002", "8400"] },
    ],
  },
  {
    // Without postcodes, which the OpenAPI document makes optional.
    code: "LU",
    label: "Luxembourg",
    counties: [
      { number: "ES", label: "Esch-sur-Alzette" },
      { number: "LU", label: "Luxembourg" },
    ],
  },
];
