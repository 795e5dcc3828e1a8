import { showIdentity } from "../redact.ts";
import { listed } from "./words.ts";

/** Users in a sentence, by account number. One that is an e-mail address is not shown. */
export function usersText(accountNumbers: readonly string[]): string {
  return listed(accountNumbers.map(showIdentity));
}
