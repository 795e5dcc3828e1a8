// What `npm install` of each client brings into an empty project.
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { note, progress, table } from "./lib/report.mjs";
import { npm, peerVersions, project } from "./lib/setup.mjs";
import { isNoise, round } from "./lib/stats.mjs";

const PEERS = [
  "openapi-fetch",
  "ky",
  "@octokit/core",
  "stripe",
  "openai",
  "@anthropic-ai/sdk",
  "resend",
  "@workos-inc/node",
];

/** @param {import("./run.mjs").Context} context */
export async function install({ ours, only }) {
  const versions = peerVersions();
  const wanted = PEERS.filter((name) => !only || only.includes(name));
  const subjects = [
    ...(ours ? [{ name: "oplead-sdk", spec: ours.tarball }] : []),
    ...wanted.map((name) => ({ name, spec: `${name}@${versions[name]}` })),
  ];
  /** @type {Record<string, { packages: number, files: number, megabytes: number }>} */
  const results = {};
  for (const { name, spec } of subjects) {
    progress(`install: ${name}`);
    const dir = project({ "package.json": '{ "private": true }\n' });
    npm(["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", spec], dir);
    results[name] = weigh(dir);
    rmSync(dir, { recursive: true });
  }
  const rows = Object.entries(results).sort(([, a], [, b]) => a.megabytes - b.megabytes);
  table(
    "npm install --omit=dev into an empty project",
    ["", "packages", "files", "MB"],
    rows.map(([name, { packages, files, megabytes }]) => [name, packages, files, megabytes.toFixed(2)]),
  );
  const own = results["oplead-sdk"];
  const close = rows.filter(([name, row]) => own && name !== "oplead-sdk" && isNoise(row.megabytes, own.megabytes));
  if (close.length > 0) note(`Under 10 % from oplead-sdk, MB: ${close.map(([name]) => name).join("; ")}`);
  return { footprint: results };
}

/** @param {string} dir */
function weigh(dir) {
  const modules = join(dir, "node_modules");
  const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
  const files = readdirSync(modules, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath ?? file.path, file.name)).size, 0);
  return { packages: Object.keys(lock.packages).length, files: files.length, megabytes: round(bytes / 1e6, 2) };
}
