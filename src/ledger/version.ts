/**
 * What orders the states of one user: a counter or time as a number, or text. Text of digits only compares as a number,
 * other text by its characters, which is right for ISO 8601 times in one time zone and form.
 */
export type Version = number | string;

/** Whether a version is older than another. Versions of different kinds have no order: neither is older. */
export function isOlder(version: Version | undefined, than: Version | undefined): boolean {
  if (version === undefined || than === undefined || typeof version !== typeof than) return false;
  if (isCounter(version) && isCounter(than)) return BigInt(version) < BigInt(than);
  return version < than;
}

/** Database row versions are counters beyond what a number can hold, so they come as text. */
function isCounter(version: Version): version is string {
  return typeof version === "string" && /^\d+$/.test(version);
}
