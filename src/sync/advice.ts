import { belongsToAnother } from "../client/result.ts";
import type { OpleadError } from "../core/errors.ts";
import { isObject } from "../core/values.ts";
import { ADVICE, tellAdvice } from "../locales/en/advice.ts";
import type { REASONS } from "../locales/en/report.ts";
import type { SyncStep } from "../rules/types.ts";
import type { Finding } from "./types/findings.ts";
import type { Advice } from "./types/messages.ts";

export type Case = Exclude<keyof typeof REASONS, "parent_missing" | "duplicate" | "possible_twin">;

export function caseOfError(error: OpleadError, step: SyncStep): Case {
  const { code, status } = error;
  return belongsToAnother(error) ? "another_user" : caseOf({ code, status, step });
}

// Takes an unknown code as `refused`: a ledger of another version may have codes that this one lacks.
export function caseOf({ step, code, status }: Pick<Finding<"held">, "step" | "code" | "status">): Case {
  if (step !== "user" && (status === 403 || status === 404 || status === 405)) return "rule_not_enabled";
  const known = Object.hasOwn(ADVICE, code) ? code : "refused";
  return step !== "user" && known === "refused" ? "rule_refused" : known;
}

export function caseOfAdvice({ code }: Advice): Case {
  return code as Case;
}

export function adviceFor(what: Case): Advice {
  return tellAdvice(what) as Advice;
}

// Collects known fields, or else the whole body: the form of Oplead's errors is not documented.
export function wordsOf(error: OpleadError): string {
  const { body } = error;
  const found: string[] = [];
  collect(body, "", false, found, 0);
  const isEmpty = typeof body !== "object" || body === null || Object.keys(body).length === 0;
  const words = found.length > 0 || isEmpty ? found.join("; ") : JSON.stringify(body);
  return words.replace(/\s+/g, " ").slice(0, 1000);
}

const SENTENCES = new Set(["message", "messages", "detail", "title", "description", "reason", "error"]);
const PLACES = ["field", "propertyPath", "path", "property", "pointer"];
// Keys inside these are names of fields.
const CONTAINERS = new Set(["errors", "violations", "fields", "children", "invalidParams"]);

function collect(value: unknown, place: string, inContainer: boolean, found: string[], depth: number): void {
  if (typeof value === "string") {
    // Leaves out HTML pages.
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
