import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, inject, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { TSC } from "../../scripts/compiler.ts";
import { outsideEnv, tool } from "./toolbox.ts";

const VERSIONS = ["5.4.5", "5.9.3", "6.0.3", manifest.devDependencies["typescript-7"].replace("npm:typescript@", "")];
const NEWEST = VERSIONS.slice(-1);
const ENDS = [VERSIONS[0], ...NEWEST];

const consumers = inject("consumers");
const browser = { lib: ["ES2022", "DOM"], types: [] };

interface Setting {
  name: string;
  options: { types: string[] } & Record<string, unknown>;
  files: string[];
  exact?: boolean[];
  versions?: readonly string[];
}

const bothWays = ["usage.mts", "usage.cts"];
const settings: Setting[] = [
  // The oldest version reads both names as one. In the newest one, node16 differs from nodenext. Without @types/node the oldest version
  // compiles both kinds of declarations with "bundler" and "node10".
  { name: "node16", options: { module: "node16", ...browser }, files: bothWays, versions: NEWEST },
  { name: "nodenext", options: { module: "nodenext", ...browser }, files: bothWays, versions: NEWEST },
  {
    name: "nodenext and @types/node",
    options: { module: "nodenext", lib: ["ES2022"], types: ["node"] },
    files: bothWays,
    versions: VERSIONS,
  },
  {
    name: "bundler",
    options: { module: "esnext", moduleResolution: "bundler", ...browser },
    files: ["usage.ts"],
    exact: [true, false],
  },
  {
    name: "node10",
    options: { module: "commonjs", moduleResolution: "node10", ...browser },
    files: ["usage.ts"],
    versions: ["5.4.5"],
  },
];

// A copy without @types/node. Declarations that need it, directly or indirectly, fail there.
const bare = `${consumers}-bare`;

beforeAll(async () => {
  const withoutNode = (path: string) => !/[\\/](@types|undici-types)$/.test(path);
  await cp(join(consumers, "node_modules"), join(bare, "node_modules"), { recursive: true, filter: withoutNode });
});

afterAll(() => rm(bare, { recursive: true, force: true }));

describe.for(VERSIONS)("TypeScript %s", (version) => {
  let tsc: string;
  beforeAll(async () => {
    tsc = NEWEST.includes(version) ? TSC : join(await tool("typescript", version), "node_modules/typescript/bin/tsc");
  });

  const cases = settings
    .filter(({ versions = ENDS }) => versions.includes(version))
    .flatMap((setting) => {
      const exacts = NEWEST.includes(version) ? (setting.exact ?? [true]) : [true];
      return exacts.map((exact) => ({ ...setting, exact }));
    });

  test.concurrent.for(cases)(
    "the package's types compile with $name and exactOptionalPropertyTypes $exact",
    async ({ name, options, files, exact }, { expect }) => {
      const folder = join(bare, `types-${version}-${name}-${exact}`.replaceAll(/[^\w.-]+/g, "-"));
      await mkdir(folder);
      for (const file of files) await copyFile(join(consumers, "usage.ts"), join(folder, file));
      const compilerOptions = {
        ...options,
        ...(options.types.includes("node") ? { typeRoots: [join(consumers, "node_modules/@types")] } : {}),
        target: "es2022",
        strict: true,
        exactOptionalPropertyTypes: exact,
        skipLibCheck: false,
        skipDefaultLibCheck: true,
        // A package of one's own, which emits declarations.
        declaration: true,
        composite: true,
        emitDeclarationOnly: true,
        outDir: "out",
      };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
      expect(await complaints(tsc, folder)).toBe("");
    },
  );
});

function complaints(tsc: string, folder: string) {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsc, "-p", folder, "--pretty", "false"],
      { env: outsideEnv() },
      (error, stdout, stderr) => resolve(error === null ? stdout : `${stdout}${stderr}` || error.message),
    );
  });
}
