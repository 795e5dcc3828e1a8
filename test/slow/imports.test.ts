import { expect, inject, test } from "vitest";
import { loadedBy } from "../../bench/lib/loaded.mjs";

const consumers = inject("consumers");

test.for([
  { name: "oplead-sdk", modules: 3, kB: 241 },
  { name: "oplead-sdk/raw", modules: 3, kB: 261 },
  { name: "oplead-sdk/webhook", modules: 5, kB: 379 },
  { name: "oplead-sdk/sync", modules: 6, kB: 575 },
  { name: "oplead-sdk/coverage", modules: 4, kB: 605 },
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
