import { showIdentity } from "../redact.ts";

/** Fields that hold an account number or an Oplead ID. */
const IDENTITIES = new Set(["accountNumber", "parent", "after", "dependsOn", "id"]);

/** Lists of account numbers. */
const IDENTITY_LISTS = new Set(["stale"]);

/**
 * A copy of a plan's or report's facts that may be printed or stored. Some companies use e-mail addresses as account
 * numbers: those are replaced. The original keeps them, since a program has to find its users again.
 */
export function printable<T>(facts: T): T {
  return copy(facts, "") as T;
}

function copy(value: unknown, name: string): unknown {
  if (typeof value === "string") return IDENTITIES.has(name) ? showIdentity(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, IDENTITY_LISTS.has(name) ? "accountNumber" : ""));
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, copy(inner, field)]));
}

/** Makes `util.inspect` and `console.log` on Node, Bun and Deno show the printable copy. */
export function inspectAs(show: () => unknown): PropertyDescriptorMap {
  return {
    [Symbol.for("nodejs.util.inspect.custom")]: { value: show },
    [Symbol.for("Deno.customInspect")]: {
      value: (inspect: (value: unknown, options: unknown) => string, options: unknown) => inspect(show(), options),
    },
  };
}
