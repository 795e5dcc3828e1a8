import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { fill, filled, missing, runbookOf } from "../../scripts/release.ts";
import type * as Errors from "../../src/core/errors.ts";
import { folderWith } from "../support/folder.ts";

const manifest = { name: "oplead-sdk", version: "0.1.0" };
const ready = { repository: "o/r", changelog: "## 0.1.0\n", owners: "* @o/team\n", changesets: 0 } as const;

it("nothing is reported as missing if the workflow can fill in the address of the repository", () => {
  expect(missing(manifest, ready)).toEqual([]);
});

it("the check names each thing that is missing, and says what to do", () => {
  const alone = { repository: undefined, changelog: undefined, owners: "# * @o/team\n", changesets: 0 };
  expect(missing(manifest, alone).map((text) => text.split(":")[0])).toEqual([
    'package.json has no "repository"',
    'package.json has no "homepage"',
    'package.json has no "bugs"',
    "CHANGELOG.md does not describe 0.1.0",
    ".github/CODEOWNERS names no owner",
  ]);
  expect(missing({ ...manifest, version: "0.0.0" }, ready)).toEqual([
    "The version is 0.0.0 and no changeset waits: npx changeset.",
  ]);
  expect(missing({ ...manifest, version: "0.0.0" }, { ...ready, changesets: 1 })).toEqual([]);
});

it("the check names each field of package.json that has a placeholder in place of a web address", () => {
  const draft = {
    ...manifest,
    homepage: "https://OWNER.github.io/oplead-sdk/",
    bugs: { url: "https://<host>/issues" },
  };
  expect(missing(draft, ready)).toEqual([
    expect.stringContaining('placeholder as "homepage"'),
    expect.stringContaining('placeholder as "bugs"'),
  ]);
});

it("the check names a repository that differs from the workflow's, which npm would refuse", () => {
  const other = filled(manifest, "o/other");
  expect(missing(other, ready)).toEqual([expect.stringContaining("E422")]);
  expect(missing(filled(manifest, "o/r"), ready)).toEqual([]);
});

it("package.json gets the addresses of the repository, and keeps its other fields", async () => {
  const folder = await folderWith({
    "package.json": JSON.stringify({ ...manifest, homepage: "https://docs.example/" }),
    "README.md":
      "See [start](docs/start/sdk.md#one), [npm](https://npmjs.com), [above](#above), ![map](./docs/map.svg).",
  });
  await fill(pathToFileURL(`${folder}/`), "Owner/name");
  expect(JSON.parse(await readFile(`${folder}/package.json`, "utf8"))).toEqual({
    ...manifest,
    homepage: "https://docs.example/",
    repository: { type: "git", url: "git+https://github.com/Owner/name.git" },
    bugs: { url: "https://github.com/Owner/name/issues" },
  });
  expect(await readFile(`${folder}/README.md`, "utf8")).toBe(
    "See [start](https://github.com/Owner/name/blob/v0.1.0/docs/start/sdk.md#one), [npm](https://npmjs.com), [above](#above), " +
      "![map](https://raw.githubusercontent.com/Owner/name/v0.1.0/docs/map.svg).",
  );
  expect(filled(manifest, "Owner/name").homepage).toBe("https://owner.github.io/name/");
});

it("the next build takes the address of the runbook from the homepage in package.json", async () => {
  const runbook = runbookOf(filled(manifest, "Owner/name"));
  expect(runbook).toBe("https://owner.github.io/name/operate/runbook");
  expect(runbookOf({ ...manifest, homepage: "https://docs.dealers.example/oplead" })).toBe(
    "https://docs.dealers.example/oplead/operate/runbook",
  );
  expect(runbookOf(manifest)).toBeUndefined();
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../src/core/errors.ts", import.meta.url))],
    define: { OPLEAD_RUNBOOK: JSON.stringify(runbook) },
    ...{ bundle: true, write: false, format: "esm", logLevel: "error" },
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  const { OpleadError } = (await import(`data:text/javascript;base64,${code}`)) as typeof Errors;
  expect(new OpleadError("timeout", "x").docs).toBe("https://owner.github.io/name/operate/runbook#timeout");
});

it("without the address of a repository the command changes nothing, and says which variable it needs", async () => {
  const folder = await folderWith({ "package.json": JSON.stringify(manifest), "README.md": "" });
  await expect(fill(pathToFileURL(`${folder}/`), "not a repository")).rejects.toThrow("GITHUB_REPOSITORY");
  expect(JSON.parse(await readFile(`${folder}/package.json`, "utf8"))).toEqual(manifest);
});
