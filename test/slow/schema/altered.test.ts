import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { compile } from "../../../scripts/compiler.ts";
import { compare } from "../../../scripts/schema/compare.ts";
import { ALTERED, published, TEXT } from "../../schema/documents.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const HEAVY = new Set(["node_modules", ".git", "dist", "release", ".ci", ".stryker-tmp"]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-altered-"));
  await cp(ROOT, folder, { recursive: true, filter: (path) => !HEAVY.has(basename(path)) });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
});
beforeEach(async () => {
  await rm(join(folder, "schema"), { recursive: true });
  for (const name of ["schema", "generated"]) await cp(join(ROOT, name), join(folder, name), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const assumptions = new Set(
  compare(parse(TEXT), published())
    .filter(({ provenance }) => provenance === "assumed")
    .map(({ what, name }) => `${what} ${name}`),
);

// `- field sent (POST /v1/users): \`phone\`, \`mobile\`` and `- field sent \`phone\` → \`tel\` (POST /v1/users)`.
function namedIn(report: string, title: RegExp): string[] {
  const section = report.split("\n## ").find((text) => title.test(text)) ?? "";
  const named = section
    .split("\n- ")
    .slice(1)
    .flatMap((line) => {
      const [, what = "", names = ""] = /^([^`(]*?)(?: \([^)]*\))?:? `([^→\n]*)`/.exec(line) ?? [];
      return names.split("`, `").map((name) => `${what} ${name}`);
    });
  return [...new Set(named)];
}

it.each(ALTERED)(
  "schema:pull of a document where $what breaks src/contract/ only",
  async ({ alter, contradicted, open }) => {
    const document = published();
    alter(document);
    await writeFile(join(folder, "live.json"), JSON.stringify(document));
    const args = ["--import", import.meta.resolve("tsx"), "scripts/schema/pull.ts", "live.json"];
    const { status, report } = await new Promise<{ status: unknown; report: string }>((resolve) => {
      execFile(process.execPath, args, { cwd: folder }, (error, stdout) =>
        resolve({ status: error?.code, report: stdout }),
      );
    });
    expect(status).toBe(3);
    const broken = compile(folder, JSON.parse(await readFile(join(folder, "tsconfig.json"), "utf8")));
    expect([...new Set(broken.map(({ file }) => file))]).toEqual(["src/contract/contract.ts"]);

    const said = [/^Refuted assumptions/, /^Open/, /^Confirmed/].map((title) => namedIn(report, title));
    expect(said.slice(0, 2)).toEqual([contradicted, open]);
    // Each assumption stands in one list.
    expect(
      said
        .flat()
        .filter((name) => assumptions.has(name))
        .sort(),
    ).toEqual([...assumptions].sort());
  },
);
