import { canonicalJson } from "../base/hash/canonical-json.ts";
import { isPlain } from "../base/validation/is-object.ts";
import type { Remembered } from "../ledger/ledger.ts";
import type { DiffLine } from "./types/plan.ts";

/** A value of a user that was changed last, and what it was before. Personal data. */
export interface LastChange extends Pick<DiffLine, "path" | "was" | "value"> {
  /** The run that changed it; undefined for a webhook or a worker. */
  readonly run: string | undefined;
}

/** The last change of each part of a user, as far as the ledger remembers what was before. */
export function lastChanges(remembered: Remembered): LastChange[] {
  return Object.entries(remembered).flatMap(([step, { was, now, run }]) => {
    if (was === undefined) return [];
    const lines = step === "user" ? linesBetween("", was, now) : [{ path: `rules.${step}`, was, value: now }];
    return lines.map((line) => ({ ...line, run }));
  });
}

function linesBetween(path: string, was: unknown, value: unknown): Pick<LastChange, "path" | "was" | "value">[] {
  if (!isPlain(was) || !isPlain(value)) {
    const isSame =
      was === value || (was !== undefined && value !== undefined && canonicalJson(was) === canonicalJson(value));
    return isSame ? [] : [{ path, was, value }];
  }
  const names = [...new Set([...Object.keys(was), ...Object.keys(value)])].sort();
  const start = path === "" ? "" : `${path}.`;
  return names.flatMap((name) => linesBetween(start + name, was[name], value[name]));
}
