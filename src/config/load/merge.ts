/** The parts of a config that a target changes field by field. Everything else it replaces as a whole. */
const SECTIONS = new Set(["client", "guard", "stop", "webhook", "fake"]);

/** Lays a target over a config. A field set to `undefined` changes nothing. */
export function mergeTarget(
  config: Readonly<Record<string, unknown>>,
  target: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...config };
  for (const [name, value] of Object.entries(target)) {
    if (value === undefined) continue;
    const base = merged[name];
    merged[name] = SECTIONS.has(name) && isPlain(base) && isPlain(value) ? { ...base, ...defined(value) } : value;
  }
  return merged;
}

function defined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

/** An object literal. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
