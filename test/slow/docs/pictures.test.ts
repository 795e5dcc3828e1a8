// Photographs depend on the fonts of a machine: only their form is compared.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CASTS, castPicture } from "../../../scripts/pictures/cast.ts";
import { SCREENS } from "../../../scripts/pictures/screens.ts";

const docs = new URL("../../../docs/", import.meta.url);

test.each(Object.entries(CASTS))(
  "the picture docs/%s of a terminal shows what the commands print today",
  async (file, cast) => {
    const committed = await readFile(new URL(file, docs), "utf8");
    expect(committed.replaceAll("\r\n", "\n")).toBe(await castPicture(cast));
    expect(committed).toContain('"Matricule"');
  },
);

test.each(SCREENS)(
  "docs/$file has the size that its script gives it, and no more bytes than a page should load",
  async ({ file, width, height, scale = 1 }) => {
    const png = await readFile(new URL(file, docs));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([width * scale, height * scale]);
    expect(png.length).toBeLessThan(100_000);
  },
);
