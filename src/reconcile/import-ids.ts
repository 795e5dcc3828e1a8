import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue, pathValueProblem, type ValueProblem } from "../core/issues.ts";
import { argumentsCheck, iterable, ledger as ledgerSchema } from "../core/validate.ts";
import { type Ledger, useLedger } from "../ledger/ledger.ts";
import { tellContent, tellValue } from "../locales/en/core.ts";
import { changeEntry } from "./change-entry.ts";

export type AccountId = readonly [accountNumber: string, id: string | number];

const checkArguments = /* @__PURE__ */ argumentsCheck("importIds", () => ({
  ledger: ledgerSchema(),
  pairs: iterable(),
}));

/**
 * Tells the ledger which Oplead IDs users have, before the first run on a platform that has users already. The first
 * run then updates each user by its id, with one request instead of a search by account number, and finds users that
 * have another account number, or none, in Oplead. It sends every imported user once, because the ledger does not know
 * the content that Oplead has.
 *
 * Entries that have an id are kept. Can be repeated.
 *
 * ```ts
 * await importIds(ledger, [["DEALER-17", "100001"], ["DEALER-18", "100002"]]);
 * ```
 *
 * @throws {@link OpleadError} `invalid_input` if a pair is not valid, or an account number or id occurs twice, also in
 * the ledger: the pairs before it may have been written. `ledger_conflict`, `ledger_unavailable`.
 */
export async function importIds(
  ledger: Ledger,
  pairs:
    | Iterable<readonly [accountNumber: string, id: string | number]>
    | AsyncIterable<readonly [accountNumber: string, id: string | number]>,
): Promise<{
  /** Entries written. */
  readonly imported: number;
  /** Account numbers that had an id already. Their entries stay. */
  readonly kept: number;
  /** Account numbers in `kept` with another id. */
  readonly conflicts: readonly string[];
}> {
  checkArguments({ ledger, pairs });
  const check = pairCheck(await useLedger(() => ownersOf(ledger)));
  const conflicts: string[] = [];
  let imported = 0;
  let kept = 0;
  for await (const pair of pairs) {
    const [accountNumber, id] = check(pair);
    const stored = await importId(ledger, accountNumber, id);
    if (stored === undefined) imported += 1;
    else kept += 1;
    if (stored !== undefined && stored !== id) conflicts.push(accountNumber);
  }
  return { imported, kept, conflicts };
}

async function importId(ledger: Ledger, accountNumber: string, id: string): Promise<string | undefined> {
  let stored: string | undefined;
  await changeEntry(ledger, accountNumber, (entry) => {
    stored = entry?.id;
    // Held steps go: Oplead may have refused the user only because it was sent as new.
    return stored === undefined ? { rules: {}, at: 0, ...entry, id, held: undefined, movedTo: undefined } : undefined;
  });
  return stored;
}

async function ownersOf(ledger: Ledger): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for await (const [accountNumber, { id }] of ledger.entries()) if (id !== undefined) owners.set(id, accountNumber);
  return owners;
}

// Checks pairs against the ledger, too: two account numbers with one id would be written over each other.
function pairCheck(owners: ReadonlyMap<string, string>): (pair: AccountId) => [accountNumber: string, id: string] {
  const accountNumbers = new Set<unknown>();
  const ids = new Set<unknown>();
  let count = 0;
  return (pair) => {
    const [accountNumber, given]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const id = typeof given === "number" ? String(given) : given;
    const issues: OpleadIssue[] = [];
    const problem = (place: string, found: ValueProblem | undefined): void => {
      if (found !== undefined) issues.push(issueAt(`[${count}].${place}`, found));
    };
    if (typeof accountNumber !== "string" || accountNumber.trim() === "")
      problem("accountNumber", tellValue("not_text"));
    problem("id", pathValueProblem(given));
    if (accountNumbers.has(accountNumber)) problem("accountNumber", tellContent("account_number_twice"));
    if (ids.has(id) || (owners.get(String(id)) ?? accountNumber) !== accountNumber)
      problem("id", tellContent("id_twice"));
    if (issues.length > 0) throw invalid("invalid_input", "importIds: a pair is not valid.", issues);
    count += 1;
    accountNumbers.add(accountNumber);
    ids.add(id);
    return [accountNumber as string, id as string];
  };
}
