import { isOpleadError } from "../../../base/errors.ts";
import type { OpleadIssue } from "../../../base/issues.ts";
import type { TimeSlice } from "../../../base/time-slice.ts";
import { countryCodeProblem } from "../../../base/validation/value-problems.ts";
import type { Oplead } from "../../../client/api.ts";
import type { UserInput } from "../../../user/user.ts";
import { recordIssue, warning } from "../../told.ts";
import type { SyncWarning } from "../../types/records.ts";
import { ENDS_PLANNING } from "../read-profiles.ts";
import type { UsersToSend } from "./shared-values.ts";

/** The postcodes of a country according to Oplead's reference data, by country code. */
export type ZipCodes = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Reads the postcodes of the countries of the users. A country that cannot be read, or that has no postcodes, is not checked.
 *
 * @throws {@link OpleadError} `token_unavailable`; `unauthorized`; `aborted`.
 */
export async function readZipCodes(
  oplead: Oplead,
  users: UsersToSend,
  slice: TimeSlice,
  warnings: SyncWarning[],
): Promise<ZipCodes> {
  const zipCodes = new Map<string, ReadonlySet<string>>();
  for (const [, { address }] of users) {
    if (slice.isOver) await slice.next();
    const code = address?.country?.code;
    if (countryCodeProblem(code) !== undefined || zipCodes.has(code)) continue;
    zipCodes.set(code, new Set());
    try {
      const { counties } = await oplead.getCountry(code, { signal: slice.signal });
      zipCodes.set(code, new Set(counties.flatMap(({ postCodeZips }) => postCodeZips ?? [])));
    } catch (error) {
      if (!isOpleadError(error) || ENDS_PLANNING.has(error.code)) throw error;
      warnings.push(warning("zip_codes_not_checked", { country: code, code: error.code }));
    }
  }
  return zipCodes;
}

/** A postcode that the country of the user does not have. */
export function zipCodeIssues({ address }: UserInput, zipCodes: ZipCodes): OpleadIssue[] {
  const code = address?.country?.code;
  const known = zipCodes.get(code);
  const zipCode = address?.zipCode;
  if (!known?.size || typeof zipCode !== "string" || known.has(zipCode.trim())) return [];
  const lacksZero = known.has(`0${zipCode.trim()}`);
  return [recordIssue("address.zipCode", lacksZero ? "zip_code_lacks_zero" : "unknown_zip_code", { country: code })];
}
