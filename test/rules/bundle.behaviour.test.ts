import { build } from "esbuild";
import { expect, it } from "vitest";

async function kept(source: string) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    treeShaking: true,
  });
  return outputFiles.map(({ text }) => text).join("");
}

it("a bundle that uses nothing of the package is empty", async () => {
  const names = {
    ...{ geographical: "geographical", maxDistance: "max-distance", competences: "competences", code: "codes" },
    ...{ checkRules: "check", geographicalFromZips: "geographical", contactProfiles: "contact-profiles" },
  };
  const imports = Object.entries(names).map(([name, file]) => `import { ${name} } from "../../src/rules/${file}.ts";`);
  const text = await kept(imports.join("\n"));
  expect(text.replaceAll(/^\s*\/\/.*$/gm, "").trim()).toBe("");
});

it("a bundle that only sends rules has neither the checks nor the look-up of postcodes", async () => {
  const text = await kept(
    'import { readRules } from "../../src/rules/rules.ts"; console.log(readRules({ maxDistance: 30 }));',
  );
  expect(text).toContain("is not a rule");
  for (const other of ["not a county of", "getCountry returned", "new WeakMap", "none: ()"])
    expect(text).not.toContain(other);
});
