import type { FakeCountry, FakeProfile } from "../types/user.ts";

/** A hierarchy of three levels. The codes are invented, because each platform has its own. */
export const defaultProfiles: readonly FakeProfile[] = [
  { code: "PRF_NETWORK", label: "Tête de réseau" },
  { code: "PRF_REGION", label: "Responsable régional", parent: { code: "PRF_NETWORK" } },
  { code: "PRF_DEALER", label: "Concessionnaire", parent: { code: "PRF_REGION" } },
];

/**
 * A small part of the real map that has its difficulties: leading zeros (01), a postcode in two counties (01410), Corsica (postcodes that
 * begin with 20, counties with a letter), and a county of three digits.
 */
export const defaultCountries: readonly FakeCountry[] = [
  {
    code: "FR",
    label: "France",
    counties: [
      { number: "01", label: "Ain", postCodeZips: ["01000", "01100", "01400", "01410"] },
      { number: "13", label: "Bouches-du-Rhône", postCodeZips: ["13001", "13002", "13090", "13100"] },
      { number: "2A", label: "Corse-du-Sud", postCodeZips: ["20000", "20090", "20100", "20137"] },
      { number: "2B", label: "Haute-Corse", postCodeZips: ["20200", "20220", "20250"] },
      { number: "39", label: "Jura", postCodeZips: ["01410", "39000", "39100"] },
      { number: "75", label: "Paris", postCodeZips: ["75001", "75002", "75003", "75116"] },
      { number: "971", label: "Guadeloupe", postCodeZips: ["97100", "97110", "97180"] },
    ],
  },
  {
    code: "BE",
    label: "Belgique",
    counties: [
      { number: "BRU", label: "Bruxelles-Capitale", postCodeZips: ["1000", "1050", "1180"] },
      { number: "WLG", label: "Liège", postCodeZips: ["4000", "4020"] },
      { number: "WNA", label: "Namur", postCodeZips: ["5000"] },
    ],
  },
];
