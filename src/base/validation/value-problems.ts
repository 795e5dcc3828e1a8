/** Whether there is no value. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Why a value is not a country's code, or undefined. */
export function countryCodeProblem(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Z]{2}$/.test(value)
    ? undefined
    : 'must be the two-letter country code in capitals, for example "FR"';
}

/** Why a value cannot stand in a path, or undefined. */
export function pathValueProblem(value: unknown): string | undefined {
  if (isMissing(value)) return "is missing";
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return "must be text";
  if (typeof value === "number" && !Number.isSafeInteger(value)) return "must be text or a whole number";
  const text = String(value);
  if (text.trim() === "") return "is empty";
  if (/^(?:\.|%2e){1,2}$/i.test(text)) return 'must not be "." or "..", which mean another path';
  // Half of a surrogate pair cannot be encoded.
  if (!text.isWellFormed()) return "is not valid Unicode";
  return undefined;
}
