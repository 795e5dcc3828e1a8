/**
 * Says which of the headers is missing, and which present ones may be meant. Undefined if all are there. Shows names only,
 * because values may be secrets.
 */
export function findMissing(names: readonly string[], headers: Headers): string | undefined {
  const missing = names.find((name) => !headers.get(name));
  if (missing === undefined) return undefined;
  const similar = [...headers.keys()].filter((other) => /signature|hmac|timestamp|digest/i.test(other)).slice(0, 5);
  const hint = similar.length === 0 ? "" : `; there is ${similar.join(", ")}`;
  return `the header ${missing.toLowerCase()} is missing${hint}`;
}
