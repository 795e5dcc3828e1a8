/** Says which header is missing, and which of those that came may be meant. Names only: values may be secrets. */
export function missingHeader(name: string, headers: Headers): string {
  const similar = [...headers.keys()].filter((other) => /signature|hmac|timestamp|digest/i.test(other)).slice(0, 5);
  const hint = similar.length === 0 ? "" : `; there is ${similar.join(", ")}`;
  return `the header ${name.toLowerCase()} is missing${hint}`;
}
