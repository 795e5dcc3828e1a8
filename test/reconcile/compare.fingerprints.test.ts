import { expect, it } from "vitest";
import { fingerprintsIn, UserFingerprints } from "../../src/reconcile/compare.ts";
import { fingerprints, fingerprintsOfUser } from "../support/fingerprints.ts";
import { user } from "../support/sync-users.ts";

it("fingerprints of a field differ if the field changed: each of 2,000 changes gives another fingerprint", () => {
  const made = (more: object) => fingerprintsIn(fingerprintsOfUser({ ...user(1), ...more }, "1").fields);
  const [before, after] = [made({}), made({ phone: "+33639980000", company: undefined })];
  expect(Object.keys(after).filter((name) => before[name] !== after[name])).toEqual(["phone"]);
  for (const mark of Object.values(before)) expect(mark).toMatch(/^[\w-]{11}$/);
  const others = Array.from({ length: 2_000 }, (_, at) => made({ phone: `+33${at}` }).phone);
  expect(new Set(others).size).toBe(2_000);
});

it("equal values of two users have different fingerprints", () => {
  const [one, other] = ["1", "2"].map((id) => fingerprintsIn(fingerprintsOfUser(user(1), id).fields));
  for (const path of new UserFingerprints(user(1)).paths()) expect(one?.[path]).not.toBe(other?.[path]);
});

it("fingerprints are made once for each pair of a user's ID and a ledger key", () => {
  let made = 0;
  const of = (text: string, key: string) => {
    made += 1;
    return fingerprints.of(text, key);
  };
  const counting = { ...fingerprints, of };
  const [key, fields] = [fingerprints.key, new UserFingerprints({ phone: "1", email: "a@b.example" })];
  const first = fields.like({ id: "1", key }, counting);
  expect(fingerprintsIn(fields.toKeep("1", counting).fields)).toEqual(first);
  expect(made).toBe(2 + 1);
  expect(fields.like({ id: "2", key }, counting)).not.toEqual(first);
  expect(made).toBe(2 + 1 + 2);
});
