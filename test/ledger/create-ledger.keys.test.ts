import { expect, it } from "vitest";
import { keysOf } from "../../src/ledger/create-ledger.ts";
import { ledgerError } from "../../src/ledger/ledger.ts";
import type { Notes } from "../../src/ledger/notes.ts";
import { fingerprintsOf } from "../../src/ledger/version.ts";
import { failureOf } from "../support/failure.ts";
import { TEST_KEY } from "../support/fingerprints.ts";

// Two ledgers may share it, as processes do.
function notes(more: Partial<Notes> = {}) {
  const own: Notes & { value: string | undefined } = {
    value: undefined,
    readNote: async () => own.value,
    writeNote: async (_name, expected, value) => {
      if (own.value !== expected) return false;
      own.value = value;
      return true;
    },
    ...more,
  };
  return own;
}

const down = () => Promise.reject(ledgerError("The file is gone."));

it("a ledger makes its key at the first write that needs one, or uses that of a faster process", async () => {
  const shared = notes();
  const [one, other] = [keysOf(shared, {}, "store"), keysOf(shared, {}, "store")];
  const planned = (await one.fingerprints()).key;
  expect(shared.value).toBeUndefined();
  expect((await one.fingerprints()).key).toBe(planned);
  const made = (await other.fingerprints(true)).key;
  expect(made).not.toBe(planned);
  expect((await one.fingerprints(true)).key).toBe(made);
  expect((await one.fingerprints()).key).toBe(made);
  expect(shared.value).toMatch(/^[\w-]{43}$/);
});

it("two processes that begin at once without compare-and-set both use the key in the store", async () => {
  const shared = notes();
  let writers = 0;
  let bothHaveLooked = () => {};
  const looked = new Promise<void>((resolve) => {
    bothHaveLooked = resolve;
  });
  shared.writeNote = async (_name, _expected, value) => {
    if (++writers === 2) bothHaveLooked();
    await looked;
    shared.value = value;
    return true;
  };
  const both = [keysOf(shared, {}, "store"), keysOf(shared, {}, "store")];
  const made = await Promise.all(both.map((keys) => keys.fingerprints(true)));
  const stored = fingerprintsOf([shared.value ?? ""]).key;
  expect(made.map(({ key }) => key)).toEqual([stored, stored]);
  expect((await both[0]?.fingerprints())?.key).toBe(stored);
});

it("a ledger with a given key makes no key, and still reads with the key that it made before", async () => {
  const shared = notes();
  const made = (await keysOf(shared, {}, "store").fingerprints(true)).key ?? "";
  const given = await keysOf(shared, { ledgerKey: TEST_KEY }, "store").fingerprints(true);
  expect(given.key).not.toBe(made);
  expect(given.reads(made)).toBe(true);
  const fresh = notes();
  await keysOf(fresh, { ledgerKey: TEST_KEY }, "store").fingerprints(true);
  expect(fresh.value).toBeUndefined();
});

it("if the key's file cannot be read or written, a ledger in a folder has no key, and the error says why", async () => {
  expect(await keysOf(notes({ readNote: down }), {}, "file").fingerprints(true)).toMatchObject({
    key: undefined,
    problem: "unreadable",
  });
  const readOnly = keysOf(notes({ writeNote: down }), {}, "file");
  expect((await readOnly.fingerprints()).problem).toBeUndefined();
  expect(await readOnly.fingerprints(true)).toMatchObject({ key: undefined, problem: "not_made" });
  const given = await keysOf(notes({ readNote: down }), { ledgerKey: TEST_KEY }, "file").fingerprints(true);
  expect(given).toMatchObject({ key: expect.any(String), problem: undefined });
});

it("if a store is down, its key cannot be read either", async () => {
  const keys = keysOf(notes({ readNote: down }), {}, "store");
  expect(await failureOf(keys.fingerprints())).toMatchObject({ code: "ledger_unavailable" });
  const full = keysOf(notes({ writeNote: down }), {}, "store");
  expect(await failureOf(full.fingerprints(true))).toMatchObject({ code: "ledger_unavailable" });
});

it("a stored note that should hold the key but holds something else is not overwritten", async () => {
  const odd = notes();
  odd.value = "half a k";
  expect(await keysOf(odd, {}, "store").fingerprints(true)).toMatchObject({ key: undefined, problem: "damaged" });
  expect(odd.value).toBe("half a k");
});
