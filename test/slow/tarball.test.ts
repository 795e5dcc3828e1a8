import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";

const consumers = inject("consumers");
const packed = inject("packed");
const installed = join(consumers, "node_modules/oplead-sdk");
const text = (file: string) => readFileSync(join(installed, file), "utf8");

test("the tarball holds the built package and its documents, and nothing else", () => {
  const built =
    /^dist\/([\w-]+\.(js|cjs|d\.ts|d\.cts)|[\w-]+\.d-[\w-]+\.d\.c?ts|cli\/[\w-]+\.js|platform\/[\w-]+\.c?js)$/;
  const page =
    /^docs\/(explain|fr|guides|operate|recipes|reference|rules|run|sources|start|test)\/[\w-]+\.(md|svg|png)$/;
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
    "deploy/cron/crontab",
    "deploy/cron/night.sh",
    "deploy/docker/compose.yaml",
    "deploy/sftp/fetch-exports.mjs",
    "deploy/systemd/oplead-night.service",
    "deploy/systemd/oplead-night.timer",
    "deploy/systemd/oplead-serve.service",
    "deploy/windows/night.ps1",
    "deploy/windows/oplead-night.xml",
    "deploy/windows/register.ps1",
    "dist/THIRD-PARTY-LICENSES.txt",
    "dist/sbom.cdx.json",
    "dist/typescript/hooks.mjs",
    "dist/typescript/loader.mjs",
    "package.json",
    "schema/oplead.openapi.yaml",
  ]);
});

test("every link of a page in the tarball leads to a file in it, or to a page of its release", () => {
  const made =
    /^docs\/(?:reference\/(?:options|config|command|errors|outcomes|changelog|provenance)|explain\/performance)\.md$/;
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

test("the bill of materials names exactly the packages whose licences are in the tarball", () => {
  const { bomFormat, specVersion, metadata, components, dependencies } = JSON.parse(text("dist/sbom.cdx.json"));
  expect([bomFormat, specVersion]).toEqual(["CycloneDX", "1.6"]);
  const { name, version } = JSON.parse(text("package.json"));
  expect(metadata.component).toMatchObject({ name, version });
  const named = (components as { name: string; version: string }[]).map((each) => `${each.name} ${each.version}`);
  const licensed = [...text("dist/THIRD-PARTY-LICENSES.txt").matchAll(/^-{80}\n(\S+ \d\S*) \(/gm)].map(
    ([, title]) => title,
  );
  expect(named.sort()).toEqual(licensed.sort());
  for (const bundled of ["zod", "openapi-fetch", "commander", "csv-parse", "prom-client", "sucrase"]) {
    expect(
      named.some((each) => each.startsWith(`${bundled} `)),
      bundled,
    ).toBe(true);
  }
  expect(dependencies[0].dependsOn).toHaveLength(components.length);
});

test("a stack trace of the installed package names its functions and readable lines, without source maps", async () => {
  const script = `import { createOplead } from "oplead-sdk";
    const fetch = async () => new Response("no", { status: 400 });
    await createOplead({ token: "t", fetch, retry: false }).listCountries().catch((error) => console.log(error.stack));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    cwd: consumers,
  });
  const frames = [
    ...stdout.matchAll(/at (?:async )?(\S+) \((?:file:\/\/)?(.*oplead-sdk\/dist\/[\w-]+\.js):(\d+):\d+\)/g),
  ];
  expect(frames.length).toBeGreaterThan(2);
  for (const [, name = "", file = "", line] of frames) {
    expect(name).toMatch(/\w{4,}/);
    expect(readFileSync(file, "utf8").split("\n")[Number(line) - 1]?.length).toBeLessThan(300);
  }
});

test("the tarball stays below its size limits", () => {
  const bytes = packed.files.reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);
  expect(bytes).toBeLessThan(7_450_000);
});

test("the tarball needs no other package, and has one optional dependency: the store of the file ledger", () => {
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
