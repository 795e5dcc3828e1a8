import { isObject } from "./is-object.ts";

/** The value at a place with dots (`"address.country"`); undefined where there is none. `""`: the value itself. */
export function valueAt(value: unknown, place: string): unknown {
  if (place === "") return value;
  // The usual case, without a list of names: every rule of every user is asked so.
  if (!place.includes(".")) return isObject(value) ? value[place] : undefined;
  return place.split(".").reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}
