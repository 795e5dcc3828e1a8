import type { RecordSource } from "oplead-sdk/config";

/** Whether a source can say more about its records: one of `oplead-sdk/config`. */
export function isRecordSource(source: unknown): source is RecordSource<unknown> {
  const { rowOf, warnings } = (source ?? {}) as Partial<RecordSource<unknown>>;
  return typeof source === "function" && typeof rowOf === "function" && typeof warnings === "function";
}
