// Scripts and styles of the pages from client/, with their hashes for the content security policy.
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeOrCompare } from "./generated-file.ts";

const PAGES = [
  { client: "src/coverage/client", style: "report.css", assets: "report-assets.ts" },
  { client: "src/sync/client", style: "pages.css", assets: "plan-page-assets.ts" },
];

export async function generatePageAssets({ check = false } = {}) {
  const written = await Promise.all(
    PAGES.map(async ({ client, style, assets }) =>
      writeOrCompare(new URL(`../generated/${assets}`, import.meta.url), await renderAssets(client, style), check),
    ),
  );
  return { ok: written.every(({ ok }) => ok), message: written.map(({ message }) => message).join("\n") };
}

async function renderAssets(client: string, styleFile: string): Promise<string> {
  const [script, style] = await Promise.all([bundled(`${client}/main.ts`), bundled(`${client}/${styleFile}`)]);
  for (const text of [script, style]) {
    if (/<\/(script|style)/i.test(text)) throw new Error("The page's script or style would end its element.");
  }
  return `\
// Generated from ${client}/ by \`npm run generate\`, which overwrites it: change the sources, not this file.

export const script = ${JSON.stringify(script)};
export const scriptHash = "${hashOf(script)}";
export const style = ${JSON.stringify(style)};
export const styleHash = "${hashOf(style)}";
`;
}

async function bundled(file: string): Promise<string> {
  const built = await build({
    entryPoints: [fileURLToPath(new URL(`../${file}`, import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    write: false,
  });
  return (built.outputFiles[0]?.text ?? "").trim();
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
