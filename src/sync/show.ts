import { showIdentity } from "../core/redact.ts";

export function answerOf({ code, status }: { readonly code: string; readonly status?: number | undefined }): string {
  return status === undefined ? code : `${code} ${status}`;
}

export function tally(names: Iterable<string>, written: (count: number) => string): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${written(count)}`);
}

export function amountsIn(counts: object): string[] {
  return Object.entries(counts)
    .filter(([, amount]) => amount > 0)
    .map(([name, amount]) => `${amount} ${name}`);
}

export const who = showIdentity;

export function usersAmong(accountNumbers: readonly string[]): { readonly count: number; readonly examples: string[] } {
  return { count: accountNumbers.length, examples: accountNumbers.slice(0, 5).map(who) };
}
