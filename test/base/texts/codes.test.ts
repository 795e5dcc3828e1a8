import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";

const folder = new URL("../../../src/base/texts/en/", import.meta.url);

it("no code belongs to two subjects, and every code is in snake_case", async () => {
  const subjects = await Promise.all(
    (await readdir(folder)).map(async (file) => Object.values<object>(await import(new URL(file, folder).href))),
  );
  const codes = subjects.flat().flatMap((texts) => Object.keys(texts));
  expect(codes.length).toBeGreaterThan(50);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(codes.filter((code) => !/^[a-z]+(?:_[a-z]+)*$/.test(code))).toEqual([]);
});
