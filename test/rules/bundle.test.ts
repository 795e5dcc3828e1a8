import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** What a bundler keeps of the rules for an application that imports so much. */
async function kept(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    treeShaking: true,
  });
  return outputFiles.map(({ text }) => text).join("");
}

const from = 'from "../../src/rules/index.ts"';

describe("a bundle of the package", () => {
  it("a bundle that uses nothing of the package is empty", async () => {
    const text = await kept(`import { geographical, maxDistance, competences, code, checkRules } ${from};`);
    expect(text.replaceAll(/^\s*\/\/.*$/gm, "").trim()).toBe("");
  });

  it("a bundle that only sends rules has neither the checks nor the look-up of zip codes", async () => {
    const text = await kept(`import { readRules } ${from}; console.log(readRules({ maxDistance: 30 }));`);
    expect(text).toContain("is not a rule");
    for (const other of ["not a county of", "getCountry returned", "new WeakMap", "none: ()"])
      expect(text).not.toContain(other);
  });
});
