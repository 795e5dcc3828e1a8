import type { ApplyOptions } from "../types/options.ts";

export function progressOf(total: number, now: () => number, tell: ApplyOptions["onProgress"]) {
  const startedAt = now();
  const amounts = { done: 0, failed: 0, skipped: 0 };
  return (outcome: "arrived" | "failed" | "skipped"): void => {
    amounts.done += 1;
    if (outcome !== "arrived") amounts[outcome] += 1;
    const elapsed = now() - startedAt;
    const rate = elapsed > 0 ? (amounts.done / elapsed) * 1000 : 0;
    const etaMs = rate > 0 ? Math.round(((total - amounts.done) / rate) * 1000) : undefined;
    tell?.({ ...amounts, total, rate, etaMs });
  };
}
