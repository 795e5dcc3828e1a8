import { capitalised } from "../locales/grammar.ts";
import type { Language } from "./language.ts";
import { placeOf, usersAmong, who } from "./text.ts";
import type { WaitingRoot } from "./types/records.ts";
import type { SyncSkip } from "./types/report.ts";

/** A user of a list that waits for another one. */
interface Waiting {
  readonly accountNumber: string;
  readonly root: WaitingRoot;
}

/** The users who wait for one user. */
export interface WaitingUsers<T extends Waiting = Waiting> {
  readonly root: WaitingRoot;
  readonly users: readonly T[];
}

/** Whether a user waits for another one. In a saved form, what is undefined may be null. */
export function isWaiting<T extends { readonly root?: WaitingRoot | undefined }>(
  user: T,
): user is T & { readonly root: WaitingRoot } {
  return user.root != null;
}

/** Whether a user was left out because the run had ended, and not because of its parent. */
export function isLeftOut(
  skip: SyncSkip,
): skip is SyncSkip & { readonly reason: Exclude<SyncSkip["reason"], "parent"> } {
  return skip.reason !== "parent";
}

/** Those who wait by the user for whom they wait, most of them first: one row of a source may keep hundreds waiting. */
export function byRoot<T extends Waiting>(users: readonly T[]): readonly WaitingUsers<T>[] {
  const found = new Map<string, { readonly root: WaitingRoot; readonly users: T[] }>();
  for (const user of users) {
    const { root } = user;
    const known = found.get(root.accountNumber);
    if (known) known.users.push(user);
    else found.set(root.accountNumber, { root, users: [user] });
  }
  return [...found.values()].sort((a, b) => b.users.length - a.users.length);
}

/** `Row 9 (RESP-04)`; without its row `RESP-04`. */
export function rootName(root: WaitingRoot, language: Language): string {
  const { accountNumber, row } = root;
  if (row == null) return who(accountNumber);
  return `${capitalised(placeOf(root, language))} (${who(accountNumber)})`;
}

/** The parameters of the texts that say who waits. */
export function waitedFor({ root, users }: WaitingUsers) {
  return { because: root.because, ...usersAmong(users.map(({ accountNumber }) => accountNumber)) };
}
