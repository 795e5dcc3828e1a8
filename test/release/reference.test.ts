import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const index = read("docs/reference/index.md");

it("the first page of the reference names each entry point of package.json, and no other", () => {
  const named = [...index.matchAll(/^\| `(oplead-sdk[\w/-]*)` /gm)].map(([, name]) => name);
  const entries = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
  expect(named.sort()).toEqual(entries.map((name) => name.replace(/^\./, "oplead-sdk")).sort());
});

it("the first page of the reference leads to each page that is made from the source", () => {
  // The changelog is not committed.
  const made = [...read("scripts/docs/generate.ts").matchAll(/"reference\/((?!changelog)\w+)\.md"/g)].map(
    ([, page]) => page,
  );
  const linked = [...index.matchAll(/^- \[\w+\]\(\.\/(\w+)\.md\)/gm)].map(([, page]) => page);
  expect(linked.sort()).toEqual(made.sort());
});
