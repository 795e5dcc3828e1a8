import { type Schema, unless, valueThat } from "../../base/validation/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { isText, sourceFailed } from "./source.ts";

/** A part of a JSON document of which no type says more: whatever is in it is such a part too. */
export interface JsonPart {
  readonly [name: string]: JsonPart | undefined;
}

/**
 * Where something is in a document: a place with dots (`"data.users"`, `"@odata.nextLink"`), or a function that takes it out. The function may say in its
 * parameter what the document is, `(body: { users: Employee[] }) => body.users`, which is not checked against the document.
 */
export type Place<T, Document = JsonPart> = string | ((body: Document) => T | JsonPart | undefined);

/** The check of a {@link Place}. */
export function placeSchema(): Schema {
  return unless((value) => typeof value === "function", valueThat(isText, tellConfig("not_place")));
}

/** The value at a place; undefined where there is none. A name may hold dots itself: `"@odata.nextLink"`. */
export function at(body: unknown, place: Place<unknown, unknown>): unknown {
  if (typeof place === "function") return place(body);
  if (typeof body !== "object" || body === null) return undefined;
  const names = place.split(".");
  for (let count = names.length; count > 0; count -= 1) {
    const name = names.slice(0, count).join(".");
    if (!Object.hasOwn(body, name)) continue;
    const inner = (body as Record<string, unknown>)[name];
    return count === names.length ? inner : at(inner, names.slice(count).join("."));
  }
  return undefined;
}

export function itemsOf(title: string, body: unknown, place: Place<unknown, unknown> | undefined): readonly unknown[] {
  const items = place === undefined ? body : at(body, place);
  if (Array.isArray(items)) return items;
  const lists = Object.entries(Object(body))
    .filter(([, value]) => Array.isArray(value))
    .map(([name]) => JSON.stringify(name));
  const hint = lists.length > 0 ? `; there are lists at ${lists.slice(0, 5).join(", ")}` : "";
  const where = typeof place === "string" ? `at ${JSON.stringify(place)}` : "in the document";
  throw sourceFailed(title, `there is no list of records ${where}: say where it is with the option items${hint}`);
}
