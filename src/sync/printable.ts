import { showIdentity } from "../base/redact.ts";

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

/**
 * Facts with methods. These are not enumerable, so printing shows facts only: what `show` gives, to which `util.inspect`
 * and `console.log` keep on Node, Bun and Deno.
 */
export function withMethods<Facts extends object, Methods extends object>(
  facts: Facts,
  methods: Methods,
  show: () => unknown,
): Facts & Methods {
  const all = {
    ...methods,
    [Symbol.for("nodejs.util.inspect.custom")]: show,
    [Symbol.for("Deno.customInspect")]: (inspect: (value: unknown, options: unknown) => string, options: unknown) =>
      inspect(show(), options),
  };
  for (const name of Reflect.ownKeys(all)) Object.defineProperty(facts, name, { value: Reflect.get(all, name) });
  return facts as Facts & Methods;
}
