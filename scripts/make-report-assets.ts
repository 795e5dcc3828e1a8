/**
 * Makes generated/report-assets.ts: the script and the style of the coverage report, built from src/coverage/report/client/, and their
 * hashes for the report's content security policy.
 *
 *     npx tsx scripts/make-report-assets.ts [--check]
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { isMain, main, writeOrCompare } from "./generated-file.ts";

const CLIENT = new URL("../src/coverage/report/client/", import.meta.url);
const ASSETS = new URL("../generated/report-assets.ts", import.meta.url);

/** Writes the file, or only compares it. */
export async function generateReportAssets({ check = false } = {}) {
  return writeOrCompare(ASSETS, await renderAssets(), check);
}

export async function renderAssets(): Promise<string> {
  const built = await build({
    entryPoints: [fileURLToPath(new URL("main.ts", CLIENT))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    write: false,
  });
  const script = (built.outputFiles[0]?.text ?? "").trim();
  const css = await readFile(new URL("report.css", CLIENT), "utf8");
  const style = (await transform(css, { loader: "css", minify: true, charset: "utf8" })).code.trim();
  for (const text of [script, style]) {
    if (/<\/(script|style)/i.test(text)) throw new Error("The report's script or style would end its element.");
  }
  return `\
// Generated from src/coverage/report/client/ by \`npm run generate\`, which overwrites it: change the sources, not this file.

export const script = ${JSON.stringify(script)};
export const scriptHash = "${hashOf(script)}";
export const style = ${JSON.stringify(style)};
export const styleHash = "${hashOf(style)}";
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

if (isMain(import.meta.url)) await main(generateReportAssets);
