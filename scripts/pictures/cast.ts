import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wrapped } from "../../src/command/shell/output.ts";
import { staffXlsx } from "../../test/support/staff-xlsx.ts";
import { escaped } from "./svg.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const LINE = 20;
// In pixels of the picture.
const CHARACTER = 8.45;
// In seconds. Longer movements would need a button to stop them.
const DURATION = 4.8;

interface Cast {
  readonly title: string;
  readonly language: string;
  readonly end: RegExp;
}

const WIDTH = 800;

export const CASTS: Readonly<Record<string, Cast>> = {
  "start/excel-to-cron.svg": {
    title: "From a workbook to a config: the columns, and what remains to be decided",
    language: "en",
    end: /^ +needs /,
  },
  "fr/excel-au-cron.svg": {
    title: "Du classeur à la configuration : les colonnes, et ce qui reste à décider",
    language: "fr",
    end: /^ +\d+ requêtes, /,
  },
};

export async function castPicture({ title, language, end }: Cast): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-cast-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(repository, join(folder, "node_modules/oplead-sdk"), "junction");
    await writeFile(join(folder, "rh.xlsx"), await staffXlsx(150));
    const command = ["init", "--from", "rh.xlsx", "--language", language];
    const { stdout } = await promisify(execFile)(process.execPath, [join(repository, "dist/cli/main.js"), ...command], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1", LC_ALL: "C" },
    });
    const shown = wrapped(stdout, Math.floor((WIDTH - 48) / CHARACTER)).split("\n");
    const lines = shown.slice(0, shown.findIndex((text) => end.test(text)) + 1).map(lasting);
    return terminal(title, [`npx oplead-sdk ${command.join(" ")}`, ...lines]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// Without how long it took.
function lasting(text: string): string {
  return text.replace(/, \d+(?:\.\d+)? s$/, "").replace(/; (?:at most [\d.]+ %|nearly all) .*$/, "");
}

function terminal(title: string, lines: readonly string[]): string {
  const height = 52 + LINE * lines.length;
  const shown = lines.flatMap((text, index) => {
    if (text === "") return [];
    const isTyped = index === 0;
    const prompt = isTyped ? '<tspan fill="#4cc9a0">$ </tspan>' : "";
    const delay = ((DURATION * index) / lines.length).toFixed(2);
    return `<text x="24" y="${54 + LINE * index}" style="animation-delay:${delay}s"${isTyped ? ' font-weight="600"' : ""}>${prompt}${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}">
  <title>${title}</title>
  <style>
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #e6e6e6; animation: appear 0.1s both }
    @keyframes appear { from { opacity: 0 } }
    @media (prefers-reduced-motion: reduce) { text { animation: none } }
  </style>
  <rect width="${WIDTH}" height="${height}" rx="10" fill="#1b1f24"/>
  <g fill="#5c6570"><circle cx="24" cy="20" r="5"/><circle cx="42" cy="20" r="5"/><circle cx="60" cy="20" r="5"/></g>
  ${shown.join("\n  ")}
</svg>
`;
}
