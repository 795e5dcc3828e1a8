import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { saveAll } from "../../scripts/schema/pull.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-save-"));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (name: string) => pathToFileURL(join(folder, name));

it("saveAll() replaces files and makes new ones, folders included", async () => {
  await writeFile(file("a"), "old");
  await saveAll(
    new Map([
      [file("a"), "new a"],
      [file("deep/b"), "new b"],
    ]),
  );
  expect(await readFile(file("a"), "utf8")).toBe("new a");
  expect(await readFile(file("deep/b"), "utf8")).toBe("new b");
  expect(await readdir(folder)).toEqual(["a", "deep"]);
});

it("saveAll() changes nothing if one file cannot be replaced", async () => {
  await writeFile(file("a"), "old");
  // A folder that holds something cannot be replaced by a file.
  await mkdir(file("c/inside"), { recursive: true });
  await expect(
    saveAll(
      new Map([
        [file("a"), "new a"],
        [file("b"), "new b"],
        [file("c"), "new c"],
      ]),
    ),
  ).rejects.toThrow();
  expect(await readFile(file("a"), "utf8")).toBe("old");
  expect((await readdir(folder)).sort()).toEqual(["a", "c"]);
});
