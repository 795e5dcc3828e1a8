/** What is in the tarball, and what came along when it was installed. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, inject, test } from "vitest";
import { OpleadError } from "../../src/base/errors.ts";

const consumers = inject("consumers");
const packed = inject("packed");
const installed = join(consumers, "node_modules/oplead-sdk");
const text = (file: string) => readFileSync(join(installed, file), "utf8");

test("the tarball holds the built package and its documents, and nothing else", () => {
  const built = /^dist\/([\w-]+\.(js|cjs|d\.ts|d\.cts)(\.map)?|cli\/[\w-]+\.js)$/;
  const page = /^docs\/(decisions|explain|fr|guides|operate|recipes|reference|start|test)\/[\w-]+\.(md|svg)$/;
  const beside = packed.files.filter((file) => !built.test(file) && !page.test(file));
  expect(beside.filter((file) => file !== "CHANGELOG.md").sort()).toEqual([
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "action/action.yml",
    "action/comment.mjs",
    "deploy/Dockerfile",
    "deploy/README.md",
    "deploy/compose.yaml",
    "deploy/cron/night.sh",
    "deploy/systemd/oplead-night.service",
    "deploy/systemd/oplead-night.timer",
    "deploy/systemd/oplead-serve.service",
    "deploy/windows/night.ps1",
    "deploy/windows/oplead-night.xml",
    "deploy/windows/register.ps1",
    "dist/THIRD-PARTY-LICENSES.txt",
    // The command's loader of configs in TypeScript: it cannot be bundled, because it loads its compiler by path.
    "dist/jiti/LICENSE",
    "dist/jiti/dist/babel.cjs",
    "dist/jiti/dist/jiti.cjs",
    "dist/jiti/lib/jiti.mjs",
    "package.json",
    "schema/oplead.openapi.yaml",
  ]);
});

test("the tarball has every page that the README and the errors lead to", () => {
  const links = [...text("README.md").matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link = ""]) => link);
  expect(links).toContain("docs/start/command.md");
  expect(links.filter((link) => !packed.files.includes(link))).toEqual([]);
  const { docs } = new OpleadError("server_error", "");
  expect(docs).toBe("oplead-sdk/errors#server_error");
  expect(packed.files).toContain("docs/operate/runbook.md");
});

test("every link of a page in the tarball leads to a file in it, or to a page of its release", () => {
  // `npm run docs:generate` makes these before a release. They may be missing where only the build was made.
  const made =
    /^docs\/(?:reference\/(?:options|config|command|errors|changelog)|explain\/(?:provenance|performance))\.md$/;
  const dead = packed.files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => {
      const prose = text(file).replace(/^ *```[\s\S]*?^ *```$/gm, "");
      return [...prose.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = ""]) => posix.join(file, "..", link));
    })
    .filter((target) => !packed.files.includes(target) && !made.test(target));
  expect(dead).toEqual([]);
});

test("the tarball has every file that package.json points to", () => {
  const { main, module, types, exports, imports, typesVersions } = JSON.parse(text("package.json"));
  const targets = leaves([main, module, types, exports, imports, typesVersions]).map((path) => path.replace("./", ""));
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((path) => !packed.files.includes(path))).toEqual([]);
});

test("the tarball names the bundled packages with their licences", () => {
  expect(text("dist/THIRD-PARTY-LICENSES.txt")).toMatch(/^zod \d.*\(MIT\)$/m);
});

test("the tarball does not reveal the machine that built it", () => {
  const maps = packed.files.filter((file) => file.endsWith(".map"));
  expect(maps).not.toEqual([]);
  const sources = maps.flatMap((file) => JSON.parse(text(file)).sources as string[]);
  expect(sources.filter((source) => !/^\.\.\/(package\.json$|generated\/|src\/|node_modules\/)/.test(source))).toEqual(
    [],
  );
  const root = process.cwd();
  expect(packed.files.filter((file) => file.startsWith("dist/") && text(file).includes(root))).toEqual([]);
});

test("the tarball needs no other package, and optionally the file ledger's store", () => {
  const modules = join(consumers, "node_modules");
  const { dependencies, optionalDependencies } = manifestOf(join(modules, "oplead-sdk"));
  expect(dependencies ?? {}).toEqual({});
  expect(Object.keys(optionalDependencies ?? {})).toEqual(["classic-level"]);
  const needed = new Set<string>();
  const follow = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    for (const next of Object.keys(manifestOf(join(modules, name)).dependencies ?? {})) follow(next);
  };
  follow("classic-level");
  const others = readdirSync(modules).filter((name) => !name.startsWith("."));
  // @types and undici-types are there for the consumer's own sake.
  expect(others.sort()).toEqual(["@types", ...needed, "oplead-sdk", "undici-types"].sort());
});

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
