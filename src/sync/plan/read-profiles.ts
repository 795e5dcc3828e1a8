import { isOpleadError } from "../../base/errors.ts";
import type { OpleadErrorCode } from "../../base/oplead-error-code.ts";
import type { Oplead } from "../../client/api.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import type { UserProfile } from "../../reference-types.ts";
import type { SyncWarning } from "../types/records.ts";

/** Failures after which every other question would fail too. */
export const ENDS_PLANNING: ReadonlySet<OpleadErrorCode> = new Set(["token_unavailable", "unauthorized", "aborted"]);

/**
 * The profiles of the platform by code. They serve to find mistakes early: if they cannot be read, Oplead finds the
 * mistakes later, so this is a warning.
 *
 * @throws {@link OpleadError} `token_unavailable`; `unauthorized`; `aborted`.
 */
export async function readProfiles(
  oplead: Oplead,
  signal: AbortSignal | undefined,
  warnings: SyncWarning[],
): Promise<ReadonlyMap<string, UserProfile> | undefined> {
  try {
    const profiles = await oplead.listUserProfiles({ signal });
    if (profiles.length > 0) return new Map(profiles.map((profile) => [profile.code, profile]));
    warnings.push(tellWarning("no_profiles"));
  } catch (error) {
    if (!isOpleadError(error) || ENDS_PLANNING.has(error.code)) throw error;
    warnings.push(tellWarning("profiles_not_checked", { code: error.code }));
  }
  return undefined;
}
