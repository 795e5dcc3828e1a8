/** A network without Redis: one machine, a ledger in a folder. In Jest and CommonJS, as the scripts of that network are. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createOplead } from "oplead-sdk";
import { fileLedger, type SourceUser, syncUsers } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";

const rows = ["F-1", "F-2", "F-3"];
const map = (number: string): SourceUser => ({
  user: {
    accountNumber: number,
    civility: "M.",
    lastname: "Roux",
    login: number,
    email: `${number}@dealers.example`,
    profile: { code: "PRF_NETWORK" },
    address: { zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
  },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-small-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("A second night with the ledger of the first sends nothing.", async () => {
  const fake = createFakeOplead({ strict: true });
  const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, rateLimit: false });
  const night = async () => {
    const ledger = fileLedger(folder);
    try {
      return await syncUsers(oplead, { source: rows, map, ledger });
    } finally {
      await ledger.close();
    }
  };
  expect((await night()).counts.created).toBe(3);
  const writes = () => fake.requests.filter(({ method }) => method !== "GET").length;
  const before = writes();
  expect((await night()).counts.unchanged).toBe(3);
  expect(writes()).toBe(before);
  fake.assertConforms();
});

test("A ledger that another process has open is an error with a code.", async () => {
  const [first, second] = [fileLedger(folder), fileLedger(folder)];
  await first.get("F-1");
  await expect(second.get("F-1")).rejects.toMatchObject({ code: "ledger_unavailable" });
  await first.close();
  await second.close();
});
