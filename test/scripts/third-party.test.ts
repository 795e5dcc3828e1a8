import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it, vi } from "vitest";
import { renderSbom, thirdParty } from "../../scripts/bundling.ts";
import { folderWith } from "../support/folder.ts";

const slow = vi.hoisted(() => ({ writes: 0 }));
vi.mock(import("node:fs/promises"), async (original) => {
  const fs = await original();
  const writeFile: typeof fs.writeFile = async (...args) => {
    if (slow.writes-- > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    await fs.writeFile(...args);
  };
  return { ...fs, writeFile };
});

const root = fileURLToPath(new URL("../..", import.meta.url));

it("builds that end together leave the licences of all, even if the first one writes slowly", async () => {
  const folder = await folderWith({});
  const files = { licenses: join(folder, "LICENSES.txt"), sbom: join(folder, "sbom.json") };
  const { plugin } = thirdParty(files);
  const bundle = (name: string) =>
    build({
      stdin: { contents: `import "${name}";`, resolveDir: root },
      ...{ absWorkingDir: root, outdir: folder, bundle: true, platform: "node", write: false },
      plugins: [plugin as never], // of tsup's esbuild
    });
  slow.writes = 1;
  await Promise.all([bundle("commander"), bundle("numfmt")]);
  const text = readFileSync(files.licenses, "utf8");
  expect(["commander", "numfmt"].filter((name) => !text.includes(`\n${name} `))).toEqual([]);
});

it("the bill of materials escapes scopes, lists MIT OR Apache-2.0 as an expression, and is stable", async () => {
  const folder = await folderWith({
    "a/package.json": '{"name":"@b/a","version":"1.0.0","license":"MIT OR Apache-2.0"}',
    "c/package.json": '{"name":"c","version":"2.0.0","license":"ISC"}',
    "package.json": '{"name":"own","version":"3.0.0","license":"MIT"}',
  });
  const render = (names: readonly string[]) =>
    renderSbom(
      names.map((name) => join(folder, name)),
      join(folder, "package.json"),
    );
  const text = await render(["c", "a", "c"]);
  expect(await render(["a", "c"])).toBe(text);
  expect(JSON.parse(text)).toMatchObject({
    metadata: { component: { name: "own", version: "3.0.0" } },
    components: [
      { purl: "pkg:npm/%40b/a@1.0.0", licenses: [{ expression: "MIT OR Apache-2.0" }] },
      { purl: "pkg:npm/c@2.0.0", licenses: [{ license: { id: "ISC" } }] },
    ],
    dependencies: [{ ref: "pkg:npm/own@3.0.0", dependsOn: ["pkg:npm/%40b/a@1.0.0", "pkg:npm/c@2.0.0"] }],
  });
});
