import { expect, it } from "vitest";
import { sealWith } from "../../src/bullmq/inbox.ts";

const [oldKey, newKey] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
const record = '{"accountNumber":"ACC-1"}';
const seal = (...keys: string[]) => sealWith(keys, "https://api.oplead.example");

it("records are encrypted with the first of several keys, and decrypted with the one that encrypted them", async () => {
  const [before, between, after] = [seal(oldKey), seal(newKey, oldKey), seal(newKey)];
  expect(await between.open(await before.close(record, "k"), "k")).toBe(record);
  expect(await after.open(await between.close(record, "k"), "k")).toBe(record);
  expect(await before.open(await between.close(record, "k"), "k")).toBeUndefined();
});

it("decrypting a record fails if another key or no key encrypted it, or if its content was changed", async () => {
  const [plain, keyed] = [seal(), seal(newKey)];
  const sealed = await keyed.close(record, "k");
  expect(await plain.open(sealed, "k")).toBeUndefined();
  expect(await keyed.open(record, "k")).toBeUndefined();
  expect(await keyed.open(`${sealed.slice(0, -4)}AAA=`, "k")).toBeUndefined();
  expect(await plain.open(await plain.close(record, "k"), "k")).toBe(record);
});

it("a record that was copied to another user, mode or platform cannot be decrypted", async () => {
  const sealed = await seal(newKey).close(record, "test.k");
  expect(await seal(newKey).open(sealed, "test.k")).toBe(record);
  for (const key of ["k", "test.other"]) expect(await seal(newKey).open(sealed, key)).toBeUndefined();
  expect(await sealWith([newKey], "https://staging.example").open(sealed, "test.k")).toBeUndefined();
});

it("one record is encrypted differently each time, so that equal users cannot be recognised", async () => {
  expect(await seal(newKey).close(record, "k")).not.toBe(await seal(newKey).close(record, "k"));
});
