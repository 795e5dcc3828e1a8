import { join } from "node:path";
import { expect, it } from "vitest";
import { concatSources, csvSource, type RecordSource } from "../../../src/config/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { memoryLedger, planSync } from "../../../src/sync/index.ts";
import { failureOf } from "../../support/failure.ts";
import { folderWith, listOf } from "../../support/folder.ts";
import { openWorld, user } from "../../support/sync-users.ts";

async function csv(files: Readonly<Record<string, string>>) {
  const folder = await folderWith(files);
  return (name: string) => csvSource(join(folder, name), { columns: ["ref", "CP"] });
}

const placesOf = (source: RecordSource<object>, records: readonly object[]) => records.map((one) => source.rowOf(one));

it("concatSources gives the records of one source after the other, each with its place", async () => {
  const file = await csv({ "rh.csv": "ref;CP\nA;29000\n\nB;29000\n", "agents.csv": "ref;CP\nC;29000\n" });
  async function* api() {
    yield { ref: "D", CP: "29000" };
  }
  const source = concatSources(file("rh.csv"), concatSources(file("agents.csv"), api), [{ ref: "E", CP: "" }]);
  const records = await listOf(source());
  expect(records.map(({ ref }) => ref)).toEqual(["A", "B", "C", "D", "E"]);
  const places = ["rh.csv row 2", "rh.csv row 4", "agents.csv row 2", "source 2 record 1", "source 3 record 1"];
  expect(placesOf(source, records)).toEqual(places);
  expect(source.title).toBe("rh.csv + agents.csv + source 2 + source 3");
});

it("if one account number is in two sources, the plan reports a duplicate and names both places", async () => {
  const file = await csv({ "rh.csv": "ref;CP\nACC-1;29000\n", "agents.csv": "ref;CP\nACC-2;29000\nACC-1;29200\n" });
  const world = await openWorld();
  try {
    const plan = await planSync(world.connect(), {
      source: concatSources(file("rh.csv"), file("agents.csv")),
      map: ({ ref, CP }) => ({
        user: { ...user(1), accountNumber: ref, address: { ...user(1).address, zipCode: CP } },
      }),
      ledger: memoryLedger(),
    });
    expect(among(plan.findings, "duplicate")).toMatchObject([
      {
        accountNumber: "ACC-1",
        places: [
          { record: 0, row: "rh.csv row 2" },
          { record: 2, row: "agents.csv row 3" },
        ],
      },
    ]);
    expect(await plan.render("text")).toContain(
      "ACC-1  rh.csv row 2 and agents.csv row 3 have the same account number",
    );
  } finally {
    await world.close();
  }
});

it("concatSources points out an empty source, unless only changes were asked for", async () => {
  const file = await csv({ "rh.csv": "ref;CP\nA;29000\n", "agents.csv": "ref;CP\n" });
  const source = concatSources(file("rh.csv"), file("agents.csv"));
  await listOf(source());
  expect(source.warnings()).toMatchObject([{ code: "part_empty", parameters: { title: "agents.csv" } }]);
  await listOf(source({ since: new Date(0), lookbackMs: 0 }));
  expect(source.warnings()).toEqual([]);
});

it("concatSources passes the request for changes on to each source", async () => {
  const asked: unknown[] = [];
  const request = { since: new Date(5), lookbackMs: 7 };
  const changes = (given: unknown) => {
    asked.push(given);
    return [];
  };
  await listOf(concatSources(changes)(request));
  expect(asked).toEqual([request]);
});

it("concatSources refuses an argument that is not a source, and names its place", () => {
  const wrong = { code: "invalid_options", issues: [{ path: "sources[1]", code: "not_one_source" }] };
  expect(() => concatSources([], "rh.csv" as never)).toThrow(expect.objectContaining({ code: wrong.code }));
  expect(() => (concatSources as () => void)()).toThrow(/sources: must be a source/);
});

it("concatSources refuses a list of sources, and says what to do", async () => {
  const options = { source: [csvSource("a.csv"), csvSource("b.csv")], map: () => null, ledger: memoryLedger() };
  const world = await openWorld();
  await world.close();
  const error = await failureOf(planSync(world.connect(), options));
  expect(error).toMatchObject({ code: "invalid_options", issues: [{ path: "source", code: "several_sources" }] });
  expect(error.message).toMatch(/concatSources\(a, b\).*joinSources/);
});
