import { fnv1a } from "../../../base/hash/fnv.ts";
import type { InvalidRecord } from "../../types/records.ts";

const hashes = new WeakMap<object, string>();

/** Remembers the content of an invalid record, by which the next run knows it again. Not in the record: that is printed and saved. */
export function noteRecordHash(invalid: InvalidRecord, content: unknown): void {
  try {
    hashes.set(invalid, fnv1a(JSON.stringify(content)).toString(36));
  } catch {
    // It cannot be written as JSON: its place stands for it.
  }
}

/** Stands for an invalid record without an account number. */
export function recordHashOf(invalid: InvalidRecord): string {
  return hashes.get(invalid) ?? `record ${invalid.record}`;
}
