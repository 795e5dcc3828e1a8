import { isPlain } from "../../base/validation/is-object.ts";
import type { ConfigTarget, OpleadConfig } from "../config.ts";

/** The parts of a config that a target changes field by field. Everything else it replaces as a whole. */
const SECTIONS = new Set(["client", "guard", "stop", "webhook", "fake"]);

/** Lays a target over a config. A field set to `undefined` changes nothing. */
export function mergeTarget(config: OpleadConfig, target: ConfigTarget): OpleadConfig {
  const merged: Record<string, unknown> = { ...config };
  for (const [name, value] of Object.entries(target)) {
    const base = merged[name];
    if (SECTIONS.has(name) && isPlain(base) && isPlain(value)) merged[name] = { ...base, ...defined(value) };
    else if (value !== undefined) merged[name] = value;
  }
  return merged;
}

function defined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}
