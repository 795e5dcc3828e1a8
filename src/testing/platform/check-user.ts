import type { Problem } from "../api/error-body.ts";
import { isObject } from "../is-object.ts";
import { isText } from "./is-text.ts";

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

const requiredOfUser = [
  "civility",
  "lastname",
  "login",
  "email",
  "address.zipCode",
  "address.city",
  "address.country.code",
  "profile.code",
];

const optionalOfUser = ["firstname", "phone", "mobile", "company", "address.street"];

/**
 * Checks the required fields of the guide ("Prerequisites"), and the types of all fields that the OpenAPI document names: the
 * fake answers what it stores, and its answers must conform. It does not check whether profile and parent exist.
 */
export function checkUser(body: unknown): Problem[] {
  if (!isObject(body)) return [{ field: "", message: "A JSON object is expected." }];
  const problems: Problem[] = [];
  for (const field of requiredOfUser) {
    const value = at(body, field);
    if (isAbsent(value) || value === "") problems.push({ field, message: "This is required." });
    else if (!isText(value)) problems.push({ field, message: "This must be a non-empty text." });
  }
  for (const field of optionalOfUser) {
    const value = at(body, field);
    if (value !== undefined && typeof value !== "string") problems.push({ field, message: "This must be a text." });
  }
  if (isText(body.email) && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(body.email)) {
    problems.push({ field: "email", message: "This is not a valid e-mail address." });
  }
  const { accountNumber, parentUserIdentifier } = body;
  if (!isAbsent(accountNumber) && !isText(accountNumber)) {
    problems.push({ field: "accountNumber", message: "This must be a non-empty text." });
  }
  if (!isAbsent(parentUserIdentifier) && !isText(parentUserIdentifier) && !Number.isInteger(parentUserIdentifier)) {
    problems.push({ field: "parentUserIdentifier", message: "This must be an id or an accountNumber." });
  }
  return problems;
}
