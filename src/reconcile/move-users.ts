import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { argumentsCheck, iterable, ledger as ledgerSchema } from "../core/validate.ts";
import { readEntry } from "../ledger/entry.ts";
import type { Ledger, LedgerEntry, Replacement } from "../ledger/ledger.ts";
import { ledgerConflict, useLedger } from "../ledger/ledger.ts";
import { tellContent, tellValue } from "../locales/en/core.ts";
import { alone } from "./change-entry.ts";
import { ATTEMPTS, NO_ENTRY } from "./entry-writer.ts";
import { asPresent } from "./presence.ts";

/** The old account number of a user, and its new account number. */
export type Move = readonly [from: string, to: string];

const checkArguments = /* @__PURE__ */ argumentsCheck("moveUsers", () => ({
  ledger: ledgerSchema(),
  moves: iterable(),
}));

/**
 * Tells the ledger that people got new account numbers. The entry of each, with its Oplead ID, goes to the new number;
 * the next run updates the user by its ID, and so sends the new number to Oplead. It is assumed that Oplead accepts
 * this. Afterwards no user is created under the old number: a record that still has the old number is `stale`, until
 * {@link forgetUser} frees the number. Can be repeated.
 *
 * If the ledger has `replaceBoth`, each move is atomic. In any other ledger, a process that dies during a move leaves
 * the entry under both numbers, until the move is repeated.
 *
 * ```ts
 * await moveUsers(ledger, [["DEALER-17", "M-0017"]]);
 * ```
 *
 * @throws {@link OpleadError} `invalid_input` if a move is not valid, or a number is in two of them: nothing was moved.
 * `ledger_conflict` if other processes keep changing the entries of a move; `ledger_unavailable` if the ledger fails.
 */
export async function moveUsers(
  ledger: Ledger,
  moves: Iterable<Move> | AsyncIterable<Move>,
): Promise<{
  /** Users whose entries were moved. */
  readonly moved: number;
  /** Moves that an earlier call had made already. */
  readonly before: number;
  /** Moves whose old account number has no Oplead ID in the ledger. Nothing was done. */
  readonly unknown: readonly Move[];
  /** Moves whose new account number belongs to another user in the ledger. Nothing was done. */
  readonly occupied: readonly Move[];
}> {
  checkArguments({ ledger, moves });
  const all = await readMoves(moves, "", "invalid_input", "moveUsers: nothing was moved.");
  const done = { moved: [] as Move[], before: [] as Move[], unknown: [] as Move[], occupied: [] as Move[] };
  for (const move of all) done[await moveUser(ledger, move)].push(move);
  return { ...done, moved: done.moved.length, before: done.before.length };
}

export type MovedUsers = Awaited<ReturnType<typeof moveUsers>>;

// If a number were old and new at once, the order of the requests would matter.
export async function readMoves(
  moves: Iterable<Move> | AsyncIterable<Move>,
  path: string,
  code: Extract<OpleadErrorCode, "invalid_input" | "invalid_options">,
  message: string,
): Promise<readonly Move[]> {
  const all: Move[] = [];
  for await (const move of moves) all.push(move);
  const issues = moveIssues(all, path);
  if (issues.length > 0) throw invalid(code, message, issues);
  return all;
}

function moveIssues(moves: readonly Move[], path: string): OpleadIssue[] {
  const seen = new Set<unknown>();
  return moves.flatMap((move, index) =>
    (["from", "to"] as const).flatMap((name, place) => {
      const number: unknown = Array.isArray(move) ? move[place] : undefined;
      const isText = typeof number === "string" && number.trim() !== "";
      const problem = isText ? (seen.has(number) ? tellContent("moved_twice") : undefined) : tellValue("not_text");
      seen.add(number);
      return problem ? [issueAt(`${path}[${index}].${name}`, problem)] : [];
    }),
  );
}

async function moveUser(ledger: Ledger, [from, to]: Move): Promise<keyof MovedUsers> {
  // Numbers are locked in a fixed order, so that two moves never wait for each other.
  const [first, second] = from < to ? [from, to] : [to, from];
  return alone(ledger, first, () => alone(ledger, second, () => moveEntry(ledger, [from, to])));
}

async function moveEntry(ledger: Ledger, [from, to]: Move): Promise<keyof MovedUsers> {
  const read = async (accountNumber: string): Promise<LedgerEntry> => {
    const stored = await useLedger(() => ledger.get(accountNumber));
    return stored ? readEntry(stored) : NO_ENTRY;
  };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const [old, present] = [await read(from), await read(to)];
    const after = moved([from, to], old, present);
    if (typeof after === "string") return after;
    const target: Replacement = [to, present.revision ?? 0, after.entry];
    if (await useLedger(() => replaceBoth(ledger, target, [from, old.revision ?? 0, after.left]))) return "moved";
  }
  throw ledgerConflict("The ledger entries of a move change faster than they can be written.");
}

// Both entries after the move, or the reason why none is moved.
export function moved(
  [from, to]: Move,
  old: LedgerEntry,
  present: LedgerEntry,
): { readonly entry: LedgerEntry; readonly left: LedgerEntry } | Exclude<keyof MovedUsers, "moved"> {
  if (old.id === undefined) return old.movedTo === to ? "before" : "unknown";
  if (present.id !== undefined && present.id !== old.id) return "occupied";
  const [revision = 0, target = 0] = [old.revision, present.revision];
  const oldest = old.movedFrom ?? from;
  const entry = asPresent({
    ...old,
    // In a plan `fields` is a getter, which a spread does not copy.
    fields: old.fields,
    revision: Math.max(revision, target) + 1,
    // The source may count versions anew for the new record.
    version: present.version,
    held: undefined,
    movedTo: undefined,
    movedFrom: oldest === to ? undefined : oldest,
  });
  return { entry, left: { rules: {}, at: old.at, revision: revision + 1, movedTo: to } };
}

// Without `replaceBoth` the new entry comes first, so that the ledger always has the Oplead ID.
async function replaceBoth(ledger: Ledger, target: Replacement, source: Replacement): Promise<boolean> {
  if (ledger.replaceBoth) return ledger.replaceBoth(target, source);
  for (const [accountNumber, revision, entry] of [target, source]) {
    if (!(await ledger.replace(accountNumber, revision, entry))) return false;
  }
  return true;
}
