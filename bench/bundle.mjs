// What a bundler makes of each client: minified ESM, everything it needs included, brotli at its best level.
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { note, table, targets } from "./lib/report.mjs";
import { BENCH } from "./lib/setup.mjs";
import { isNoise, round } from "./lib/stats.mjs";

const OURS = "oplead-sdk";
/** What an application would import of each to make the same calls. */
const IMPORTS = {
  "openapi-fetch": 'export { default } from "openapi-fetch";',
  ky: 'export { default } from "ky";',
  "@octokit/core": 'export { Octokit } from "@octokit/core";',
  stripe: 'export { default } from "stripe";',
  openai: 'export { default } from "openai";',
  anthropic: 'export { default } from "@anthropic-ai/sdk";',
  resend: 'export { Resend } from "resend";',
  workos: 'export { WorkOS } from "@workos-inc/node";',
};

/** The three kinds of bundle; "neutral" knows neither window nor node:, as an edge worker does. */
const PLATFORMS = {
  neutral: { platform: /** @type {const} */ ("neutral"), mainFields: ["module", "main"], conditions: ["default"] },
  browser: { platform: /** @type {const} */ ("browser") },
  node: { platform: /** @type {const} */ ("node") },
};

/** @param {import("./run.mjs").Context} context */
export async function bundle({ ours, only }) {
  const wanted = Object.entries(IMPORTS).filter(([name]) => !only || only.includes(name));
  const subjects = [
    ...(ours ? [{ name: OURS, code: 'export { createOplead } from "oplead-sdk";', dir: ours.dir }] : []),
    ...wanted.map(([name, code]) => ({ name, code, dir: BENCH })),
  ];
  /** @type {Record<string, Record<string, number | null>>} */
  const sizes = {};
  for (const { name, code, dir } of subjects) {
    sizes[name] = {};
    for (const [platform, options] of Object.entries(PLATFORMS)) sizes[name][platform] = await size(code, dir, options);
  }
  const platforms = Object.keys(PLATFORMS);
  const rows = Object.entries(sizes).sort(([, a], [, b]) => (a.node ?? 0) - (b.node ?? 0));
  table(
    "Bundle, minified ESM, brotli, kB (—: does not bundle for that platform)",
    ["", ...platforms],
    rows.map(([name, row]) => [name, ...platforms.map((platform) => row[platform]?.toFixed(1) ?? "—")]),
  );
  report(sizes, platforms);
  return { brotliKb: sizes };
}

/**
 * @param {string} contents
 * @param {string} resolveDir
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<number | null>} null when it cannot be built for the platform
 */
async function size(contents, resolveDir, options) {
  try {
    const result = await build({
      stdin: { contents, resolveDir, loader: "js" },
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      write: false,
      logLevel: "silent",
      ...options,
    });
    const [file] = result.outputFiles ?? [];
    return file ? round(brotliCompressSync(file.contents).length / 1000, 2) : null;
  } catch {
    return null;
  }
}

/**
 * @param {Record<string, Record<string, number | null>>} sizes
 * @param {string[]} platforms
 */
function report(sizes, platforms) {
  const own = sizes[OURS];
  if (!own) return;
  console.log("");
  for (const platform of platforms) {
    const self = own[platform] ?? Number.NaN;
    const close = Object.keys(sizes).filter((name) => name !== OURS && isNoise(sizes[name]?.[platform] ?? 0, self));
    if (close.length > 0) note(`Under 10 % from ${OURS}, ${platform}: ${close.join("; ")}`);
  }
  targets(
    platforms.map((platform) => ({
      what: `createOplead + upsertUser, ${platform}`,
      value: own[platform] ?? Number.POSITIVE_INFINITY,
      limit: 12,
      unit: "kB",
    })),
  );
}
