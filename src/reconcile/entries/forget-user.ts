import { ledger as ledgerSchema } from "../../base/validation/parts.ts";
import { argumentsCheck, text } from "../../base/validation/validate.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { changeEntry } from "./change-entry.ts";
import { hasState } from "./entry-writer.ts";

const checkArguments = /* @__PURE__ */ argumentsCheck("forgetUser", () => ({
  ledger: ledgerSchema(),
  accountNumber: text(),
}));

/**
 * Makes the ledger forget a user: the next run looks it up by its account number and sends it again. A ledger cannot delete,
 * so an entry without id and content is left.
 *
 * @returns whether the ledger knew the user. @throws {@link OpleadError} `ledger_conflict`, `ledger_unavailable`.
 */
export async function forgetUser(ledger: Ledger, accountNumber: string): Promise<boolean> {
  checkArguments({ ledger, accountNumber });
  let isKnown = false;
  await changeEntry(ledger, accountNumber, (entry) => {
    isKnown =
      entry !== undefined &&
      ([entry.id, entry.damaged, entry.movedTo, entry.accepted].some((kept) => kept !== undefined) || hasState(entry));
    return isKnown ? { rules: {}, at: Date.now() } : undefined;
  });
  return isKnown;
}
