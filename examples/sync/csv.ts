/**
 * A dealer network from a CSV file: a first run, the file of the next day, and a run in which nothing has changed. With
 * a real Oplead, leave out the fake and `baseUrl`.
 *
 *     npx tsx examples/sync/csv.ts
 */
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { parse } from "csv-parse";
import { createOplead, maxDistance } from "oplead-sdk";
import { among, fileLedger, planSync, type SourceUser } from "oplead-sdk/sync";
import { createFakeOplead } from "oplead-sdk/testing";
import { type DealerRow, dealersFile, toDealer } from "../dealers.ts";

const fake = createFakeOplead();
const server = await fake.listen();
const directory = await mkdtemp(join(tmpdir(), "oplead-csv-"));

const oplead = createOplead({
  baseUrl: server.url,
  token: "fake-token",
  rateLimit: { requests: 500, perMs: 1000 },
});
const ledger = fileLedger(join(directory, "ledger"));

try {
  console.log("--- the first night\n");
  const first = await sync(toUser, true);
  assert.equal(first.counts.created, 300);

  console.log("\n--- the second night: one moved, one has a broken e-mail address, one has left\n");
  const second = await sync(nextDay);
  assert.deepEqual([second.counts.updated, second.counts.invalid, among(second.findings, "leaver").length], [1, 1, 1]);
  console.log(`\nFor the people who maintain the file:\n\n${await second.render("csv")}`);

  console.log("--- the third night: nothing new\n");
  const before = fake.requests.length;
  await sync(nextDay);
  assert.equal(fake.requests.length, before, "an unchanged file needs no request");
} finally {
  await ledger.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
}

/** `approved`: only for the first night, because many users and an empty ledger look like a ledger that was lost. */
async function sync(map: (row: DealerRow) => SourceUser | null, approved = false) {
  const plan = await planSync(oplead, { source: readRows, map, ledger });
  console.log(`${await plan.render("text")}\n`);
  const report = await plan.apply({ approve: approved ? plan.hash : undefined });
  console.log(await report.render("text"));
  return report;
}

/**
 * The file is read as a stream: it may be larger than the memory. `pipeline` and not `pipe`, so that a file that cannot
 * be read ends the plan, with `source_failed`, and not the process.
 */
function readRows(): AsyncIterable<DealerRow> {
  return pipeline(createReadStream(dealersFile), parse({ columns: true, bom: true }), () => {});
}

function toUser(row: DealerRow): SourceUser {
  const user = toDealer(row);
  return row.profile === "PRF_DEALER" ? { user, rules: { maxDistance: maxDistance(30) } } : { user };
}

function nextDay(row: DealerRow): SourceUser | null {
  if (row.accountNumber === "DLR-0003") return null;
  if (row.accountNumber === "DLR-0001") return toUser({ ...row, street: "1 rue Neuve", zipCode: "01000" });
  if (row.accountNumber === "DLR-0002") return toUser({ ...row, email: "nobody" });
  return toUser(row);
}
