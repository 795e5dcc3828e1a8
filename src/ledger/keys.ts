import { isOpleadError } from "../base/errors.ts";
import { type Fingerprints, fingerprintsOf, type LedgerKeyOptions, type LedgerKeyPlace } from "./fingerprints.ts";
import type { Ledger } from "./ledger.ts";
import { ledgerConflict } from "./ledger-error.ts";
import type { Notes } from "./notes.ts";

/** The form of a key that a ledger made: 32 random bytes. */
const OWN_KEY = /^[\w-]{43}$/;

/** How often another process may be faster. */
const ATTEMPTS = 5;

/**
 * The keys of a ledger: those that were given, or one of its own, which is made when it is first needed for a write. `place`: where one of its
 * own is kept. One of its own that cannot be read in a file beside the ledger stops nothing: the ledger itself can be read.
 */
export function keysOf(
  notes: Notes,
  { ledgerKey }: LedgerKeyOptions,
  place: Exclude<LedgerKeyPlace, "option">,
): Pick<Ledger, "fingerprints" | "keyPlace"> {
  const given = ledgerKey === undefined ? [] : typeof ledgerKey === "string" ? [ledgerKey] : ledgerKey;
  /** Once nothing can change any more. */
  let settled: Fingerprints | undefined;
  /** The key to be made. What a plan prepares with it is written only if it became the key. */
  let candidate: string | undefined;

  const settle = (secrets: readonly string[]): Fingerprints => {
    settled = fingerprintsOf(secrets);
    return settled;
  };
  const stops = (error: unknown): boolean => given.length === 0 && (place !== "file" || !isOpleadError(error));

  async function find(isWriting: boolean): Promise<Fingerprints> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      let own: string | undefined;
      try {
        own = await notes.readNote("key");
      } catch (error) {
        if (stops(error)) throw error;
        return fingerprintsOf(given, given.length === 0 ? "unreadable" : undefined);
      }
      const isSound = own !== undefined && OWN_KEY.test(own);
      // What the ledger wrote before it was given a key stays readable.
      if (given.length > 0) return settle(isSound ? [...given, own as string] : given);
      if (own !== undefined) return isSound ? settle([own]) : fingerprintsOf([], "damaged");
      candidate ??= newKey();
      if (!isWriting) return fingerprintsOf([candidate]);
      try {
        await notes.writeNote("key", undefined, candidate);
        // Read again: a store without a true compare-and-set (Keyv) also takes the key of another process that begins
        // at the same time.
      } catch (error) {
        if (stops(error)) throw error;
        return fingerprintsOf([], "not_made");
      }
    }
    throw ledgerConflict("The key of the ledger changes faster than it can be read.");
  }

  return {
    keyPlace: given.length > 0 ? "option" : place,
    fingerprints: async (isWriting = false) => settled ?? find(isWriting),
  };
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
