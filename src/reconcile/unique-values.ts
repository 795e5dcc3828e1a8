import type { LedgerEntry } from "../ledger/ledger.ts";
import { changedPaths } from "./compare.ts";
import type { Content } from "./content.ts";

/** Values that no two users may share. */
const UNIQUE_FIELDS = ["login", "email"];

/**
 * Whether a user gives up a login or an e-mail address, so that another one that was refused for it may fit now. The marks of
 * fields miss one change in sixteen, so a change without a name counts too.
 */
export function mayFreeValue(content: Content, entry: LedgerEntry | undefined): boolean {
  if (entry?.user === undefined || entry.user === content.userHash) return false;
  const paths = changedPaths(content, entry);
  return paths.length === 0 || paths.some((path) => UNIQUE_FIELDS.includes(path));
}
