import type { OpleadError } from "../../base/errors.ts";
import { isObject } from "../../base/validation/is-object.ts";

/** Oplead's words on one line. The shape of error bodies is not documented: known fields first, else the whole body. */
export function wordsOf(error: OpleadError): string {
  const { body } = error.rules?.failed[0]?.error ?? error;
  const found: string[] = [];
  collect(body, "", false, found, 0);
  const isEmpty = typeof body !== "object" || body === null || Object.keys(body).length === 0;
  const words = found.length > 0 || isEmpty ? found.join("; ") : JSON.stringify(body);
  return words.replace(/\s+/g, " ").slice(0, 1000);
}

const SENTENCES = new Set(["message", "messages", "detail", "title", "description", "reason", "error"]);
const PLACES = ["field", "propertyPath", "path", "property", "pointer"];
/** The keys under these are names of fields. */
const CONTAINERS = new Set(["errors", "violations", "fields", "children", "invalidParams"]);

function collect(value: unknown, place: string, inContainer: boolean, found: string[], depth: number): void {
  if (typeof value === "string") {
    // A page of HTML tells nothing to the people who maintain the data.
    if (!value.trimStart().startsWith("<")) found.push(place === "" ? value : `${place}: ${value}`);
    return;
  }
  if (depth > 8) return;
  if (Array.isArray(value)) for (const item of value) collect(item, place, false, found, depth + 1);
  if (!isObject(value)) return;
  const named = PLACES.map((name) => value[name]).find((name) => typeof name === "string");
  for (const [name, inner] of Object.entries(value)) {
    const isContainer = CONTAINERS.has(name);
    const isField = !isContainer && !SENTENCES.has(name);
    if (typeof inner === "string" && isField && !inContainer) continue;
    collect(inner, named ?? (isField ? name : place), isContainer, found, depth + 1);
  }
}
