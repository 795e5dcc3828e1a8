import type { Oplead } from "../../../client/api.ts";
import { isOpleadError, type OpleadIssue } from "../../../errors.ts";
import type { UserInput } from "../../../user/user.ts";

/** The zip codes of a country according to Oplead's reference data, by country code. */
export type ZipCodes = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Reads the zip codes of these countries. A country that cannot be read, or that has no zip codes, is not checked.
 *
 * @throws {@link OpleadError} `unauthorized`; `aborted`.
 */
export async function readZipCodes(
  oplead: Oplead,
  countryCodes: ReadonlySet<string>,
  signal: AbortSignal | undefined,
  warnings: string[],
): Promise<ZipCodes> {
  const zipCodes = new Map<string, ReadonlySet<string>>();
  for (const code of countryCodes) {
    try {
      const { counties } = await oplead.getCountry(code, { signal });
      const known = new Set(counties.flatMap(({ postCodeZips }) => postCodeZips ?? []));
      if (known.size > 0) zipCodes.set(code, known);
    } catch (error) {
      if (!isOpleadError(error) || error.code === "unauthorized" || error.code === "aborted") throw error;
      warnings.push(`The zip codes of ${code} were not checked: getCountry failed (${error.code}).`);
    }
  }
  return zipCodes;
}

/** A zip code that the user's country does not have. */
export function zipCodeIssues({ address }: UserInput, zipCodes: ZipCodes): OpleadIssue[] {
  const code = address?.country?.code;
  const known = zipCodes.get(code);
  const zipCode = address?.zipCode;
  if (!known || typeof zipCode !== "string" || known.has(zipCode.trim())) return [];
  const lost = known.has(`0${zipCode.trim()}`) ? ": a leading zero was probably lost" : "";
  return [{ path: "address.zipCode", message: `is not a zip code of ${code}${lost}` }];
}
