/** Consumers' compilers, old and new, check the whole declarations (`skipLibCheck: false`) and one program that uses them. */
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, inject, test } from "vitest";
import { outsideEnv, tool } from "./toolbox.ts";

// The oldest we support, two between, and each major since.
const VERSIONS = ["5.4.5", "5.6.3", "5.9.3", "6.0.3", "7.0.2"];
/** The oldest and the newest. Those in between meet the same declarations in the same ways. */
const ENDS = [VERSIONS[0], VERSIONS.at(-1)];

const consumers = inject("consumers");
const browser = { lib: ["ES2022", "DOM"], types: [] };

interface Setting {
  name: string;
  options: { types: string[] } & Record<string, unknown>;
  files: string[];
  /** The values of exactOptionalPropertyTypes to try. Only `true` when left out. */
  exact?: boolean[];
  /** The first major without it. */
  until?: number;
  /** With each version, and not only with the oldest and the newest. */
  always?: boolean;
}

// In the Node modes the extension decides how the package is loaded, so both ways are in one program.
const bothWays = ["usage.mts", "usage.cts"];
const settings: Setting[] = [
  { name: "node16", options: { module: "node16", ...browser }, files: bothWays },
  { name: "nodenext", options: { module: "nodenext", ...browser }, files: bothWays },
  {
    name: "nodenext and @types/node",
    options: { module: "nodenext", lib: ["ES2022"], types: ["node"] },
    files: bothWays,
    always: true,
  },
  {
    name: "bundler",
    options: { module: "esnext", moduleResolution: "bundler", ...browser },
    files: ["usage.ts"],
    always: true,
    // Changes what the types mean, and not where they are found: one way of finding them is enough.
    exact: [true, false],
  },
  {
    name: "node10",
    options: { module: "commonjs", moduleResolution: "node10", ...browser },
    files: ["usage.ts"],
    until: 7,
    // The last version that has it accepts it with another option.
    always: true,
  },
];

// A copy without @types/node: declarations that need it, openly or by the way, fail there.
const bare = `${consumers}-bare`;

beforeAll(async () => {
  const withoutNode = (path: string) => !/[\\/](@types|undici-types)$/.test(path);
  await cp(join(consumers, "node_modules"), join(bare, "node_modules"), { recursive: true, filter: withoutNode });
});

afterAll(() => rm(bare, { recursive: true, force: true }));

describe.for(VERSIONS)("TypeScript %s", (version) => {
  const major = Number.parseInt(version, 10);
  let tsc: string;
  beforeAll(async () => {
    tsc = join(await tool("typescript", version), "node_modules/typescript/bin/tsc");
  });

  const cases = settings
    .filter(({ until }) => until === undefined || major < until)
    .filter(({ always }) => always || ENDS.includes(version))
    .flatMap((setting) => {
      const exacts = ENDS.includes(version) ? (setting.exact ?? [true]) : [true];
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
        // Our declarations and those of our dependency, yes; but not the compiler's own, which take most of the time.
        skipDefaultLibCheck: true,
        noEmit: true,
        // node10 is on its way out: 6 only accepts it with this.
        ...(major === 6 && name === "node10" ? { ignoreDeprecations: "6.0" } : {}),
      };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
      expect(await complaints(tsc, folder)).toBe("");
    },
  );
});

/** The output of the compiler. A crash counts as a complaint too. */
function complaints(tsc: string, folder: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [tsc, "-p", folder, "--pretty", "false"],
      { env: outsideEnv() },
      (error, stdout, stderr) => resolve(error === null ? stdout : `${stdout}${stderr}` || error.message),
    );
  });
}
