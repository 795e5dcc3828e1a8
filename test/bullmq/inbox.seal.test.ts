import { expect, it } from "vitest";
import { sealWith } from "../../src/bullmq/inbox.ts";

const [oldKey, newKey] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
const record = '{"accountNumber":"ACC-1"}';

it("with several keys, records are encrypted with the first key, and decrypted with whichever key encrypted them", async () => {
  const [before, between, after] = [sealWith([oldKey]), sealWith([newKey, oldKey]), sealWith([newKey])];
  expect(await between.open(await before.close(record))).toBe(record);
  expect(await after.open(await between.close(record))).toBe(record);
  expect(await before.open(await between.close(record))).toBeUndefined();
});

it("decrypting a record fails if another key or no key encrypted it, or if its content was changed", async () => {
  const [plain, keyed] = [sealWith([]), sealWith([newKey])];
  const sealed = await keyed.close(record);
  expect(await plain.open(sealed)).toBeUndefined();
  expect(await keyed.open(record)).toBeUndefined();
  expect(await keyed.open(`${sealed.slice(0, -4)}AAA=`)).toBeUndefined();
  expect(await plain.open(await plain.close(record))).toBe(record);
});

it("one record is encrypted differently each time, so that equal users cannot be recognised", async () => {
  const seal = sealWith([newKey]);
  expect(await seal.close(record)).not.toBe(await seal.close(record));
});
