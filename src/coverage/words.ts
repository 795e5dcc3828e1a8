/** Words for lists and counts in messages. */
import { showIdentity } from "../base/redact.ts";
import { counted, number } from "../base/words.ts";

/** `a, b and c`; of a long list the first few and how many more there are. */
export function listed(items: readonly string[], word: "and" | "or" = "and", most = 5): string {
  if (items.length > most) return `${items.slice(0, most).join(", ")} ${word} ${number(items.length - most)} more`;
  if (items.length <= 1) return items[0] ?? "none";
  return `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}

/** Users in a sentence, by account number. One that is an e-mail address is not shown. */
export function usersText(accountNumbers: readonly string[]): string {
  return listed(accountNumbers.map(showIdentity));
}

/** Two or three figures are all that an estimate of inhabitants holds. */
export function inhabitantsText(inhabitants: number | undefined): string {
  if (inhabitants === undefined) return "";
  const digits = Math.max(0, String(Math.round(inhabitants)).length - 3);
  const rounded = Math.round(inhabitants / 10 ** digits) * 10 ** digits;
  return ` with ${counted(rounded, "inhabitant")}`;
}
