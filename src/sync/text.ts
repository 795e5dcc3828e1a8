import { showIdentity } from "../base/redact.ts";
import { LANGUAGES, type Language } from "./language.ts";
import type { SourcePosition } from "./types/records.ts";

/** A user and where it stands, if `rowOf` tells: `DLR-1 (row 17)`. A record without an account number: `row 17`. */
export function userAt(
  user: SourcePosition & { readonly accountNumber: string | undefined },
  language: Language,
): string {
  if (user.accountNumber === undefined) return placeOf(user, language);
  return user.row === undefined ? who(user.accountNumber) : `${who(user.accountNumber)} (${placeOf(user, language)})`;
}

/** Where a record stands: `row 17`. */
export function placeOf({ record, row }: SourcePosition, { overview }: Language): string {
  // A saved plan has null in place of undefined.
  if (row === undefined || row === null) return overview.record({ number: record + 1 });
  return typeof row === "number" ? overview.row({ number: row }) : row;
}

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
