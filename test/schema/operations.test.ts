import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { labelOfRelied, type OperationName, RELIED_ON } from "../../scripts/schema/operations.ts";

it("what is compared is what src/contract/contract.ts calls", async () => {
  const contract = await readFile(new URL("../../src/contract/contract.ts", import.meta.url), "utf8");
  const calls = [...contract.matchAll(/client\.(GET|POST|PUT)\(\s*"([^"]+)"/g)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  const names = Object.keys(RELIED_ON) as OperationName[];
  expect(names.map(labelOfRelied).sort()).toEqual(calls.sort());
});
