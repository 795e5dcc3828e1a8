import { CONTAINER_NAMES, FIELD_NAMES, POINTER_NAMES } from "../base/redact.ts";
import { isObject } from "../base/validation/is-object.ts";
import type { BodyShape } from "../facts.ts";

/** The name of a field. A key that is none may be data: lists keyed by account number or e-mail address. */
const NAME = /^[A-Za-z_][A-Za-z_-]{0,30}\d?[A-Za-z_-]{0,30}$/;
const MOST_FIELDS = 40;

/** The structure of a body, without its values. `secrets`: texts that must not be in a name, in lower case. */
export function shapeOf(value: unknown, secrets: readonly string[], depth = 0): BodyShape {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return typeof value;
  if (depth > 5) return "…";
  if (Array.isArray(value)) return value.slice(0, 1).map((item) => shapeOf(item, secrets, depth + 1));
  const shown = Object.entries(value).slice(0, MOST_FIELDS);
  return Object.fromEntries(
    shown.map(([name, inner], index) => {
      const isName = NAME.test(name) && !secrets.some((secret) => name.toLowerCase().includes(secret));
      return [isName ? name : `[field ${index + 1}]`, shapeOf(inner, secrets, depth + 1)];
    }),
  );
}

/** All texts in a value that a name must not hold. Shorter ones are in many words. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.length < 4 ? [] : [value.toLowerCase()];
  if (typeof value === "number") return textsIn(String(value));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Where the body of a refusal names fields: `errors[].field`, `errors.{field}`. */
export function errorPlaces(body: unknown, place = "", depth = 0): string[] {
  if (depth > 4) return [];
  if (Array.isArray(body)) return unique(body.flatMap((item) => errorPlaces(item, `${place}[]`, depth + 1)));
  if (!isObject(body)) return [];
  return unique(
    Object.entries(body).flatMap(([name, value]) => {
      const here = place === "" ? name : `${place}.${name}`;
      if (POINTER_NAMES.has(name) && typeof value === "string") return FIELD_NAMES.has(firstOf(value)) ? [here] : [];
      const isContained = CONTAINER_NAMES.has(place.replace(/^.*\./, ""));
      if (isContained && FIELD_NAMES.has(firstOf(name))) return [`${place}.{field}`];
      return CONTAINER_NAMES.has(name) || isObject(value) ? errorPlaces(value, here, depth + 1) : [];
    }),
  );
}

const firstOf = (path: string): string => path.split(/[./[\]]+/).find((part) => part !== "") ?? "";
const unique = (places: readonly string[]): string[] => [...new Set(places)];
