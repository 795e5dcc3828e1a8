import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { GuardOptions } from "../../src/sync/index.ts";

it("the page about the guard lists every option of the guard", async () => {
  const page = await readFile(new URL("../../docs/operate/guard.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
  const options: Record<keyof GuardOptions, true> = {
    maxChanged: true,
    maxMoved: true,
    maxNew: true,
    minUsers: true,
    allowEmptySource: true,
  };
  expect(rows).toEqual(Object.keys(options));
});
