import type { OpleadError } from "../errors.ts";

/** What Oplead said, on one line. The shape of error bodies is not documented: known words first, else all of it. */
export function wordsOf(error: OpleadError): string {
  const found: string[] = [];
  collect((error.rules?.failed[0]?.error ?? error).body, "", found, 0);
  return found.join("; ").replace(/\s+/g, " ").slice(0, 1000);
}

const SENTENCES = new Set(["message", "messages", "detail", "title", "description", "reason", "error"]);
const PLACES = ["field", "propertyPath", "path", "property", "pointer"];

function collect(value: unknown, place: string, found: string[], depth: number): void {
  if (typeof value === "string") {
    // A page of HTML says nothing to those who keep the source.
    if (!value.trimStart().startsWith("<")) found.push(place === "" ? value : `${place}: ${value}`);
    return;
  }
  if (typeof value !== "object" || value === null || depth > 5) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, place, found, depth + 1);
    return;
  }
  const fields = value as Record<string, unknown>;
  const named = PLACES.map((name) => fields[name]).find((name) => typeof name === "string") as string | undefined;
  for (const [name, inner] of Object.entries(fields)) {
    if (typeof inner === "string" && !SENTENCES.has(name)) continue;
    const isWord = SENTENCES.has(name) || Array.isArray(inner);
    collect(inner, named ?? (isWord ? place : name), found, depth + 1);
  }
}
