import { fingerprintsOf } from "../../src/ledger/version.ts";
import { type EntryFingerprints, UserFingerprints } from "../../src/reconcile/compare.ts";

export const TEST_KEY = "a secret of the tests, long enough";

/** The fingerprints of a ledger with the key of the tests. */
export const fingerprints = fingerprintsOf([TEST_KEY]);

/** What the ledger keeps of the fields of a user with this Oplead ID. */
export function fingerprintsOfUser(user: object, id: string): EntryFingerprints {
  return new UserFingerprints(user).toKeep(id, fingerprints);
}
