import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { COMMANDS } from "../../src/command/registry.ts";

it("every command of the help has a file with its name, and every such file is a command", async () => {
  const files = readdirSync(new URL("../../src/command/commands/", import.meta.url));
  expect(files.sort()).toEqual(COMMANDS.map(({ name }) => `${name}.ts`).sort());
  const loaded = await Promise.all(COMMANDS.map(({ load }) => load()));
  expect(loaded.map(({ define }) => typeof define)).toEqual(COMMANDS.map(() => "function"));
});
