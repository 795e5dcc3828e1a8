import { showIdentity } from "../base/redact.ts";
import { LANGUAGES, type Language } from "./language.ts";

/** Oplead's answer: `refused 422`, or `timeout` if there was none. */
export function answerOf({ code, status }: { readonly code: string; readonly status?: number | undefined }): string {
  return status === undefined ? code : `${code} ${status}`;
}

/** How often each name occurs, the commonest first: `company 3`, `address 2`. */
export function tally(names: Iterable<string>, { number }: Pick<Language, "number"> = LANGUAGES.en): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${number(count)}`);
}

/** An account number fit to be shown. */
export const who = showIdentity;

/** At most five of many account numbers, fit to be shown, and how many there are. */
export function usersAmong(accountNumbers: readonly string[]): { readonly count: number; readonly examples: string[] } {
  return { count: accountNumbers.length, examples: accountNumbers.slice(0, 5).map(who) };
}
