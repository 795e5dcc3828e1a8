import { fingerprintsOf } from "../../src/ledger/version.ts";
import { type EntryFingerprints, UserFingerprints } from "../../src/reconcile/compare.ts";

export const TEST_KEY = "a secret of the tests, long enough";

export const fingerprints = fingerprintsOf([TEST_KEY]);

export function fingerprintsOfUser(user: object, id: string): EntryFingerprints {
  return new UserFingerprints(user).toKeep(id, fingerprints);
}
