import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DRAWINGS } from "../../../scripts/pictures/drawings.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test.each(Object.entries(DRAWINGS))("docs/%s is what its script draws", async (file, drawn) => {
  // Git may check files out with CRLF.
  expect((await readFile(join(root, "docs", file), "utf8")).replaceAll("\r\n", "\n")).toBe(drawn);
});

test("each picture is on a page, and that page describes it in words", async () => {
  const entries = (await readdir(join(root, "docs"), { recursive: true })).filter(
    (path) => !/(?:^|[\\/])(?:node_modules|\.vitepress)[\\/]/.test(path),
  );
  const pages = ["README.md", ...entries.filter((path) => path.endsWith(".md")).map((path) => join("docs", path))];
  const shown = new Set<string>();
  for (const page of pages) {
    const markdown = await readFile(join(root, page), "utf8");
    for (const [, words = "", target = ""] of markdown.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)) {
      shown.add(join(dirname(page), target));
      expect({ page, target, says: words.length > 60 }).toEqual({ page, target, says: true });
    }
    // The same picture for dark screens has no words of its own.
    for (const [, target = ""] of markdown.matchAll(/srcset="([^"]+)"/g)) shown.add(join(dirname(page), target));
  }
  const pictures = entries.filter((path) => /\.(?:svg|png)$/.test(path)).map((path) => join("docs", path));
  expect([...shown].sort()).toEqual(pictures.sort());
});
