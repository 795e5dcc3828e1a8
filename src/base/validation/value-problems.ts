import { tellValue } from "../../locales/en/core.ts";
import type { ValueProblem } from "../issues.ts";

export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Why a value is not a country's code, or undefined. */
export function countryCodeProblem(value: unknown): ValueProblem | undefined {
  return typeof value === "string" && /^[A-Z]{2}$/.test(value) ? undefined : tellValue("not_country_code");
}

/** Why a value cannot stand in a path, or undefined. */
export function pathValueProblem(value: unknown): ValueProblem | undefined {
  if (isMissing(value)) return tellValue("required");
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return tellValue("not_text");
  if (typeof value === "number" && !Number.isSafeInteger(value)) return tellValue("not_text_or_number");
  const text = String(value);
  if (text.trim() === "") return tellValue("empty");
  if (/^(?:\.|%2e){1,2}$/i.test(text)) return tellValue("dots_only");
  // Half of a surrogate pair cannot be encoded.
  if (!text.isWellFormed()) return tellValue("not_unicode");
  return undefined;
}
