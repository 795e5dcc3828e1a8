import { realpathSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { argv } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

export interface Generated {
  readonly ok: boolean;
  readonly message: string;
}

export async function writeOrCompare(file: URL, text: string, check: boolean): Promise<Generated> {
  const name = relative("", fileURLToPath(file));
  const current = await readFile(file, "utf8").catch(() => "");
  // Git may check files out with CRLF.
  if (current.replaceAll("\r\n", "\n") === text) return { ok: true, message: `${name} is up to date.` };
  if (check) return { ok: false, message: `${name} is stale. Run \`npm run generate\`.` };
  await mkdir(new URL(".", file), { recursive: true });
  await writeFile(file, text);
  return { ok: true, message: `${name} is written.` };
}

// Node resolves symbolic links in import.meta.url, but not in argv.
export function isMain(url: string): boolean {
  const script = argv[1];
  return script !== undefined && url === pathToFileURL(realpathSync(script)).href;
}

export async function main(...generators: ((options: { check: boolean }) => Promise<Generated>)[]): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  for (const generator of generators) {
    const { ok, message } = await generator({ check: values.check });
    console[ok ? "log" : "error"](message);
    if (!ok) process.exitCode = 1;
  }
}
