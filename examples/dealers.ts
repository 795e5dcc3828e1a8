/**
 * A dealer network with real communes and postcodes, and its rules: some dealers cover a département, others a radius or chosen
 * postcodes. The rules contain mistakes that happen in practice: a range that is no longer sold, a radius that does not reach the
 * area, a postcode that does not exist.
 */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { competences, geographical, type UserInput, type UserRules } from "oplead-sdk";
import type { CoverageUser, Universe } from "oplead-sdk/coverage";
import { franceCountry, locate } from "oplead-sdk/coverage/france";

export const dealersFile = new URL("dealers.csv", import.meta.url);

/** A line of the file. Every column stays text: postcodes and phone numbers begin with zeros. */
export interface DealerRow {
  readonly accountNumber: string;
  readonly profile: string;
  readonly parentAccountNumber: string;
  readonly civility: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly login: string;
  readonly email: string;
  readonly phone: string;
  readonly company: string;
  readonly street: string;
  readonly zipCode: string;
  readonly city: string;
  readonly country: string;
}

export function toDealer({
  profile,
  parentAccountNumber,
  street,
  zipCode,
  city,
  country,
  ...same
}: DealerRow): UserInput {
  return {
    ...same,
    profile: { code: profile },
    parentUserIdentifier: parentAccountNumber || undefined,
    address: { street, zipCode, city, country: { code: country } },
  };
}

/** All three hundred of the file. */
export function readDealers(): UserInput[] {
  const rows: DealerRow[] = parse(readFileSync(dealersFile), { columns: true, bom: true });
  return rows.map(toDealer);
}

const ranges = ["RNG_CARS", "RNG_ELECTRIC", "RNG_VANS", "RNG_TRUCKS"] as const;
const requestTypes = ["RTY_QUOTE", "RTY_TEST_DRIVE", "RTY_REPAIR"] as const;

/** Every lead the network can get. */
export const universe: Universe = { countries: [franceCountry()], ranges, requestTypes, contactProfiles: [] };

/** The dealers with their rules. The head of the network and its regions get no leads. */
export function readNetwork(): CoverageUser[] {
  return readDealers()
    .filter(({ profile }) => profile.code === "PRF_DEALER")
    .map((user, index) => ({ user, rules: rulesOf(user, index) }));
}

function rulesOf({ address: { zipCode } }: UserInput, index: number): UserRules {
  const isLarge = index % 5 === 0;
  const sold = ranges.filter((range) => isLarge || range === "RNG_CARS" || index % 4 === ranges.indexOf(range));
  const handled = competences.matrix(index % 71 === 6 ? [...sold, "RNG_DIESEL"] : sold, [...requestTypes]);
  const rules: UserRules = { competences: handled, ...(index % 9 === 4 && { profileTypes: ["single"] }) };
  return { ...rules, ...areaOf(zipCode, index, isLarge) };
}

function areaOf(zipCode: string, index: number, isLarge: boolean): UserRules {
  const [county = ""] = locate(zipCode, "FR")?.counties ?? [];
  if (index === 40) return { geographical: geographical().county("FR", "13"), maxDistance: 30 };
  if (index === 90) return { geographical: geographical().zips("FR", county, [zipCode, "99999"]) };
  if (isLarge) return { maxDistance: 90 + 10 * (index % 4) };
  if (index % 4 === 0) return { geographical: geographical().county("FR", county) };
  if (index % 4 === 1) return { maxDistance: 50 + 5 * (index % 7) };
  if (index % 4 === 2) return { geographical: geographical().county("FR", county), maxDistance: 60 };
  const zips = universe.countries[0]?.counties.find(({ number }) => number === county)?.postCodeZips ?? [];
  return { geographical: geographical().zips("FR", county, [...new Set([zipCode, ...zips.slice(0, 40)])]) };
}
