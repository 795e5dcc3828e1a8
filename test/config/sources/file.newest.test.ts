import { mkdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { csvSource } from "../../../src/config/index.ts";
import { folderWith, listOf } from "../../support/folder.ts";

const HOUR = 3_600_000;

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * HOUR).toISOString().slice(0, 10);

async function folderOf(files: Readonly<Record<string, number>>) {
  const folder = await folderWith(Object.fromEntries(Object.keys(files).map((name) => [name, `file\n${name}\n`])));
  for (const [name, hours] of Object.entries(files)) {
    const at = new Date(Date.now() - hours * HOUR);
    utimesSync(join(folder, name), at, at);
  }
  return folder;
}

async function newestOf(names: readonly string[], newest = "*.csv") {
  const folder = await folderOf(Object.fromEntries(names.map((name) => [name, 0])));
  return (await listOf(csvSource({ newest: join(folder, newest) })()))[0]?.file;
}

async function refusal(files: Readonly<Record<string, number>>, maxAgeHours?: number) {
  const source = csvSource({ newest: join(await folderOf(files), "*.csv"), maxAgeHours });
  return listOf(source()).then(
    () => undefined,
    (error: { message: string; retryable: boolean; issues: { code: string }[] }) => ({
      code: error.issues[0]?.code,
      retryable: error.retryable,
      message: error.message,
    }),
  );
}

it.each([
  ["dates from year to day", ["e-2025-12-31.csv", "e-2026-01-02.csv", "e-2026-01-01.csv"], "e-2026-01-02.csv"],
  ["dates without separators, with a time", ["e_20260102_0600.csv", "e_20260102_2300.csv"], "e_20260102_2300.csv"],
  ["dates and times in one number", ["e20260102060000.csv", "e20260101235959.csv"], "e20260102060000.csv"],
  ["dates from day to year", ["e 31-12-2025.csv", "e 02-01-2026.csv", "e 15-01-2025.csv"], "e 02-01-2026.csv"],
  ["dates from day to year without separators", ["e31122025.csv", "e02012026.csv"], "e02012026.csv"],
  ["numbers", ["e-9.csv", "e-10.csv", "e-2.csv"], "e-10.csv"],
  ["names in capitals among others", ["E-10.CSV", "e-9.csv"], "E-10.CSV"],
  ["partial files and folders", ["e-1.csv", "~$e-2.csv", ".e-3.csv"], "e-1.csv"],
])("the newest file is found among %s", async (_what, names, newest) => {
  expect(await newestOf(names)).toBe(newest);
});

it("names of partial files never match, even if the pattern fits them, and folders never match", async () => {
  const names = ["e-1.csv", "e-2.csv.part", "e-3.csv.filepart", "e-4.csv~", "e-5.csv.tmp", "e-6.crdownload"];
  expect(await newestOf(names, "e-*")).toBe("e-1.csv");
  const folder = await folderOf({ "e-1.csv": 0 });
  mkdirSync(join(folder, "e-2.csv"));
  expect(await listOf(csvSource({ newest: join(folder, "e-*.csv") })())).toEqual([{ file: "e-1.csv" }]);
});

it("the newest file is looked up at each reading, and the source then has the name of that file", async () => {
  const folder = await folderOf({ "e-1.csv": 0 });
  const source = csvSource({ newest: join(folder, "e-*.csv") });
  expect(source.title).toBe("e-*.csv");
  await listOf(source());
  expect(source.title).toBe("e-1.csv");
});

it("an export is refused if its last change or the day in its name is more than maxAgeHours ago", async () => {
  const old = await refusal({ "e-1.csv": 73 }, 26);
  expect(old).toMatchObject({ code: "file_too_old", retryable: true });
  expect(old?.message).toContain("e-1.csv: the newest export is 3 days old, and at most 26 hours are allowed");
  expect(await refusal({ [`e-${daysAgo(3)}.csv`]: 1 }, 26)).toMatchObject({ code: "file_too_old" });
  expect((await refusal({ "e-1.csv": 30 }, 26))?.message).toContain("is 30 hours old");
  expect(await refusal({ "e-1.csv": 25 }, 26)).toBeUndefined();
  expect(await refusal({ [`e-${daysAgo(0)}.csv`]: 1 }, 1.5)).toBeUndefined();
  expect(await refusal({ "e-1.csv": 999 })).toBeUndefined();
});

it("a file dated in the future is refused, because it would hide that later files are missing", async () => {
  expect(await refusal({ "e-2062-01-01.csv": 0, [`e-${daysAgo(0)}.csv`]: 0 })).toMatchObject({
    code: "file_of_the_future",
  });
  expect(await refusal({ "e-1.csv": -30 }, 26)).toMatchObject({ code: "file_of_the_future" });
  // The clock of a file server may be an hour ahead, or in another zone.
  expect(await refusal({ "e-1.csv": -1, "e-0.csv": -30 }, 26)).toBeUndefined();
  expect(await refusal({ "e-1.csv": -30 })).toBeUndefined();
});

it("no newest file is chosen if only some matching names have a date", async () => {
  const found = await refusal({ "e-final.csv": 0, "e-2026-01-01.csv": 0 });
  expect(found).toMatchObject({ code: "name_without_date" });
  expect(found?.message).toContain('"e-final.csv"');
});

it("a folder without a matching file fails the source, and the error names partial files", async () => {
  const found = await refusal({ "e-1.csv.part": 0, "other.txt": 0 });
  expect(found).toMatchObject({ code: "no_file_matches", retryable: true });
  expect(found?.message).toContain("still being copied: 1");
});
