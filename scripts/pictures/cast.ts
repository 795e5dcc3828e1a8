import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wrapped } from "../../src/command/shell/output.ts";
import { createFakeOplead, realCountries } from "../../src/testing/index.ts";
import { staffXlsx } from "../../test/support/staff-xlsx.ts";
import { escaped } from "./svg.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const LINE = 20;
// In pixels of the picture.
const CHARACTER = 8.45;
// In seconds. Longer movements would need a button to stop them.
const DURATION = 4.8;

// The hash of a plan, which is shown, depends on the address.
const PORT = 24_010;

// From which to which line of the output.
type Shown = readonly [command: string, from: number, to: number | RegExp];

interface Cast {
  readonly title: string;
  readonly width: number;
  readonly commands: readonly Shown[];
  readonly files?: () => Promise<Readonly<Record<string, Uint8Array>>>;
}

export const CASTS: Readonly<Record<string, Cast>> = {
  "start/first-run.svg": {
    title: "A first run: init, plan, sync, and a second plan that is empty",
    width: 640,
    commands: [
      ["npx oplead-sdk init", 0, 1],
      ["npx oplead-sdk plan", 0, 11],
      ["npx oplead-sdk sync", 0, 3],
      ["npx oplead-sdk plan", 0, 3],
    ],
  },
  "start/excel-to-cron.svg": ofWorkbook(
    "en",
    "From a workbook to a config: the columns, and what remains to be decided",
  ),
  "fr/excel-au-cron.svg": ofWorkbook("fr", "Du classeur à la configuration : les colonnes, et ce qui reste à décider"),
};

function ofWorkbook(language: string, title: string): Cast {
  return {
    title,
    width: 800,
    commands: [[`npx oplead-sdk init --from rh.xlsx --language ${language}`, 0, /^ +(?:needs|demande) /]],
    files: async () => ({ "rh.xlsx": await staffXlsx(150) }),
  };
}

export async function castPicture({ title, width, commands, files }: Cast): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-cast-"));
  const server = await createFakeOplead({ countries: realCountries() }).listen({ port: PORT });
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(repository, join(folder, "node_modules/oplead-sdk"), "junction");
    for (const [name, content] of Object.entries((await files?.()) ?? {})) await writeFile(join(folder, name), content);
    const env = { ...process.env, OPLEAD_BASE_URL: server.url, OPLEAD_TOKEN: "fake-token", NO_COLOR: "1", LC_ALL: "C" };
    const lines: Line[] = [];
    for (const [command, from, to] of commands) {
      const args = [join(repository, "dist/cli/main.js"), ...command.split(" ").slice(2)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
      if (lines.length > 0) lines.push({ text: "", isTyped: false });
      lines.push({ text: command, isTyped: true });
      const shown = wrapped(stdout, Math.floor((width - 48) / CHARACTER)).split("\n");
      const end = typeof to === "number" ? to : shown.findIndex((text) => to.test(text)) + 1;
      for (const text of shown.slice(from, end)) lines.push({ text: lasting(text), isTyped: false });
    }
    return terminal(title, width, lines);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Line {
  readonly text: string;
  readonly isTyped: boolean;
}

// Without how long it took.
function lasting(text: string): string {
  return text.replace(/, \d+(?:\.\d+)? s$/, "").replace(/; (?:at most [\d.]+ %|nearly all) .*$/, "");
}

function terminal(title: string, width: number, lines: readonly Line[]): string {
  const height = 52 + LINE * lines.length;
  const shown = lines.flatMap(({ text, isTyped }, index) => {
    if (text === "") return [];
    const prompt = isTyped ? '<tspan fill="#4cc9a0">$ </tspan>' : "";
    const delay = ((DURATION * index) / lines.length).toFixed(2);
    return `<text x="24" y="${54 + LINE * index}" style="animation-delay:${delay}s"${isTyped ? ' font-weight="600"' : ""}>${prompt}${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
  <title>${title}</title>
  <style>
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #e6e6e6; animation: appear 0.1s both }
    @keyframes appear { from { opacity: 0 } }
    @media (prefers-reduced-motion: reduce) { text { animation: none } }
  </style>
  <rect width="${width}" height="${height}" rx="10" fill="#1b1f24"/>
  <g fill="#5c6570"><circle cx="24" cy="20" r="5"/><circle cx="42" cy="20" r="5"/><circle cx="60" cy="20" r="5"/></g>
  ${shown.join("\n  ")}
</svg>
`;
}
