import { fingerprintsOf } from "../../src/ledger/fingerprints.ts";
import type { Marked } from "../../src/reconcile/content/marks.ts";
import { marked } from "../../src/reconcile/content/marks.ts";

export const TEST_KEY = "a secret of the tests, long enough";

/** The fingerprints of a ledger with the key of the tests. */
export const fingerprints = fingerprintsOf([TEST_KEY]);

/** What the ledger keeps of the fields of a user with this Oplead ID. */
export function marksOf(user: object, id: string): Marked {
  return marked(user, id, fingerprints);
}
