import { belongsToAnother } from "../client/result.ts";
import type { OpleadError } from "../core/errors.ts";
import { isObject } from "../core/values.ts";
import { ADVICE, tellAdvice } from "../locales/en/advice.ts";
import type { REASONS } from "../locales/en/report.ts";
import type { SyncStep } from "../rules/types.ts";
import type { Advice } from "./types/messages.ts";
import type { HeldUser } from "./types/records.ts";

/** The kind of a failure: the code of its error, or a name that is more precise than that code. */
export type Case = Exclude<keyof typeof REASONS, "parent_missing" | "duplicate" | "possible_twin">;

/** The kind of a failure, taken from its error. */
export function caseOfError(error: OpleadError, step: SyncStep): Case {
  const { code, status } = error;
  return belongsToAnother(error) ? "another_user" : caseOf({ code, status, step });
}

/**
 * The kind of a failure whose error is not at hand, only its code and status. A ledger written by another version may
 * have codes that this version does not know.
 */
export function caseOf({ step, code, status }: Pick<HeldUser, "step" | "code" | "status">): Case {
  if (step !== "user" && (status === 403 || status === 404 || status === 405)) return "rule_not_enabled";
  const known = Object.hasOwn(ADVICE, code) ? code : "refused";
  return step !== "user" && known === "refused" ? "rule_refused" : known;
}

/** The kind of failure that this advice was made for. */
export function caseOfAdvice({ code }: Advice): Case {
  return code as Case;
}

/** The remedy for a kind of failure. */
export function adviceFor(what: Case): Advice {
  return tellAdvice(what) as Advice;
}

/**
 * The answer of Oplead on one line. The form of its errors is not documented, so known fields are looked for. If there
 * are none, the whole body is shown.
 */
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
/** In an answer of Oplead, the keys inside these objects are names of fields. */
const CONTAINERS = new Set(["errors", "violations", "fields", "children", "invalidParams"]);

function collect(value: unknown, place: string, inContainer: boolean, found: string[], depth: number): void {
  if (typeof value === "string") {
    // An HTML page does not help the people who maintain the data, so it is left out.
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
