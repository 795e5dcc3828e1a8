import { expect, inject, test } from "vitest";
import { filesOf, loadedBy } from "../../bench/lib/loaded.mjs";

const consumers = inject("consumers");

test.for([
  { name: "oplead-sdk", modules: 3, kB: 253 },
  { name: "oplead-sdk/raw", modules: 3, kB: 273 },
  { name: "oplead-sdk/webhook", modules: 5, kB: 384 },
  { name: "oplead-sdk/sync", modules: 6, kB: 585 },
  { name: "oplead-sdk/coverage", modules: 5, kB: 555 },
])("importing $name loads at most $modules modules of $kB kB together", ({ name, modules, kB }) => {
  const { files, bytes } = loadedBy(name, consumers);
  expect(files.length, files.join("\n")).toBeLessThanOrEqual(modules);
  expect(bytes / 1000).toBeLessThanOrEqual(kB);
});

test.for(["oplead-sdk", "oplead-sdk/webhook", "oplead-sdk/sync", "oplead-sdk/coverage"])(
  "importing %s loads none of Node's slow modules (cryptography, network, compression, streams)",
  (name) => {
    const slow = ["crypto", "http", "https", "net", "tls", "zlib", "stream"];
    expect(loadedBy(name, consumers).builtIns.filter((builtIn) => slow.includes(builtIn))).toEqual([]);
  },
);

test("the help of the command loads files of the command only, of 130 kB together", () => {
  const { files, bytes } = filesOf(["node_modules/oplead-sdk/dist/cli/main.js", "--help"], consumers);
  expect(files.filter((file) => !file.includes("/dist/cli/"))).toEqual([]);
  expect(bytes / 1000).toBeLessThanOrEqual(130);
});
