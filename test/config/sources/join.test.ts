import { join } from "node:path";
import { expect, it } from "vitest";
import { csvSource, joinSources } from "../../../src/config/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { memoryLedger, planSync } from "../../../src/sync/index.ts";
import { failureOf } from "../../support/failure.ts";
import { folderWith, listOf } from "../../support/folder.ts";
import { openWorld, user } from "../../support/sync-users.ts";

const RH = "ref;agency\nA;010\nB;020\nC;\n";
const AGENCIES = "code;CP\n020;29200\n010;29000\n";

interface Texts {
  readonly rh?: string;
  readonly agencies?: string;
}

async function files({ rh = RH, agencies = AGENCIES }: Texts = {}) {
  const folder = await folderWith({ "rh.csv": rh, "agencies.csv": agencies });
  return {
    main: csvSource(join(folder, "rh.csv"), { columns: ["ref", "agency"] }),
    with: csvSource(join(folder, "agencies.csv"), { columns: ["code", "CP"] }),
  };
}

async function joined(texts: Texts = {}, more: { unmatched?: "keep" | "report"; allowEmpty?: boolean } = {}) {
  const { main, with: other } = await files(texts);
  const source = joinSources(main, { with: other, on: ["agency", "code"], as: "at", ...more });
  return { source, records: await listOf(source()) };
}

function refusal(record: { readonly at: unknown } | undefined) {
  try {
    return record?.at;
  } catch (error) {
    return error;
  }
}

it("joinSources puts the partner of an equal key into the record, which keeps its place", async () => {
  const { source, records } = await joined();
  expect(records).toEqual([
    { ref: "A", agency: "010", at: { code: "010", CP: "29000" } },
    { ref: "B", agency: "020", at: { code: "020", CP: "29200" } },
    { ref: "C", agency: "", at: undefined },
  ]);
  expect(records.map((one) => source.rowOf(one))).toEqual(["rh.csv row 2", "rh.csv row 3", "rh.csv row 4"]);
  expect(source.title).toBe("rh.csv + agencies.csv");
  expect(source.warnings()).toEqual([]);
});

it("`on` may be one column name for both sources, and a number equals the text of its digits", async () => {
  const main = [
    { id: 7, name: "Petit" },
    { id: " 8 ", name: "Roux" },
  ];
  const source = joinSources(main, {
    with: [
      { id: "7", zip: 1 },
      { id: 8, zip: 2 },
    ],
    on: "id",
    as: "crm",
  });
  expect((await listOf(source())).map(({ crm }) => crm?.zip)).toEqual([1, 2]);
  expect(main[0]).toEqual({ id: 7, name: "Petit" });
});

it("two partners with one key give each record that needs them an error with both places", async () => {
  const { source, records } = await joined({ agencies: `${AGENCIES}010;29300\n` });
  expect(source.warnings()).toMatchObject([{ path: "code", code: "keys_twice" }]);
  expect(source.warnings()[0]?.message).toBe('the same "code" is in agencies.csv row 3 and agencies.csv row 4');
  expect(refusal(records[0])).toMatchObject({
    code: "invalid_input",
    issues: [{ path: "at", code: "partner_twice" }],
  });
  expect(records[1]?.at?.CP).toBe("29200");
});

it('a record without a partner is invalid in the plan, with place and reason, if unmatched is "report"', async () => {
  const { main, with: other } = await files({ rh: "ref;agency\nACC-1;010\nACC-2;999\nACC-3;\nACC-4;20\n" });
  const source = joinSources(main, { with: other, on: ["agency", "code"], as: "at", unmatched: "report" });
  const world = await openWorld();
  try {
    const plan = await planSync(world.connect(), {
      source,
      key: ({ ref }) => ref,
      map: ({ ref, at }) => ({
        user: { ...user(1), accountNumber: ref, address: { ...user(1).address, zipCode: at.CP } },
      }),
      ledger: memoryLedger(),
    });
    expect(plan.changes.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-1"]);
    expect(among(plan.findings, "invalid").map(({ row, issues: [issue] }) => [row, issue?.message])).toEqual([
      ["rh.csv row 3", 'no record of agencies.csv has this "code"'],
      ["rh.csv row 4", 'the column "agency" is empty'],
      [
        "rh.csv row 5",
        'no record of agencies.csv has this "code": one would if leading zeros did not count, so one of the two sources has lost them',
      ],
    ]);
  } finally {
    await world.close();
  }
});

it("a key that lost its zero has no partner, and a hint names the record", async () => {
  const { source, records } = await joined({ agencies: "code;CP\n20;29200\n010;29000\n" });
  expect(records[1]?.at).toBeUndefined();
  expect(source.warnings()).toMatchObject([
    { path: "agency", code: "partners_lost_zero", parameters: { title: "agencies.csv", places: ["rh.csv row 3"] } },
  ]);
  expect(source.suspected()).toMatchObject([{ record: 1, issue: { code: "no_partner", parameters: { zero: true } } }]);
});

it("a record whose partner may be cut is suspected itself, with the partner's source", async () => {
  const { source } = await joined({ agencies: "code;CP\n020;29200\n010;290" });
  expect(source.suspected()).toMatchObject([
    { record: 0, issue: { code: "in_source", parameters: { title: "agencies.csv" } } },
  ]);
});

it("if the joined source (option `with`) is empty, the run fails, unless `allowEmpty` is true", async () => {
  const agencies = "code;CP\n";
  const error = await failureOf(joined({ agencies }));
  expect(error).toMatchObject({ code: "source_failed" });
  expect(error.message).toMatch(/^agencies\.csv: it has no record, so every record of rh\.csv would lose its partner/);
  const { records } = await joined({ agencies }, { allowEmpty: true });
  expect(records.map(({ at }) => at)).toEqual([undefined, undefined, undefined]);
});

it.each([
  [["agence", "code"], "at", /^rh\.csv: no record has "agence"/],
  [["agency", "kode"], "at", /^agencies\.csv: no record has "kode"/],
  [["agency", "code"], "ref", /^rh\.csv: it has "ref" already/],
] as const)(
  "the error about `on` %j and `as` %j says which column the records lack or have",
  async (on, as, message) => {
    const { main, with: other } = await files();
    const source = joinSources(main as never, { with: other as never, on, as } as never);
    const error = await failureOf(listOf(source()));
    expect(error).toMatchObject({ code: "source_failed" });
    expect(error.message).toMatch(message);
  },
);

it("every column of a damaged row stays unusable after a join", async () => {
  const { records } = await joined({ rh: "ref;agency\nA;010;left over\nB;020\n" });
  expect(() => records[0]?.ref).toThrow(/row 2/);
  expect(records[1]?.ref).toBe("B");
});

it("joinSources refuses all wrong options at once", () => {
  const wrong = { with: "agencies.csv", on: ["a"], as: "", unmatched: "drop", allowEmtpy: true } as never;
  expect(() => joinSources([{}], wrong)).toThrow(/with: .*on: .*as: .*unmatched: .*allowEmtpy: /s);
});

it("joinSources warns if no record has a partner", async () => {
  const { source } = await joined({ agencies: "code;CP\nX;29200\n" });
  expect(source.warnings()).toMatchObject([{ code: "no_partners", parameters: { column: "agency", records: 3 } }]);
});
