/** The first commands and what they really print, as a terminal whose lines appear one after the other. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFakeOplead, realCountries } from "../../src/testing/index.ts";
import { escaped } from "./svg.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const LINE = 20;
/** Seconds until the last line is there. Longer movements would need a button to stop them. */
const DURATION = 4.8;

/** The hash of a plan, which is shown, depends on the address. */
const PORT = 24_010;

/** What a reader does first: the command, and from which to which line of its output is shown. */
const COMMANDS: readonly (readonly [command: string, from: number, to: number])[] = [
  ["oplead init", 0, 1],
  ["oplead plan", 0, 11],
  ["oplead sync", 0, 3],
  ["oplead plan", 0, 3],
];

/** Runs the built command in an empty folder, against a fake of this process that knows the real postcodes. */
export async function castPicture(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-cast-"));
  const server = await createFakeOplead({ countries: realCountries() }).listen({ port: PORT });
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(repository, join(folder, "node_modules/oplead-sdk"), "junction");
    const env = { ...process.env, OPLEAD_BASE_URL: server.url, OPLEAD_TOKEN: "fake-token", NO_COLOR: "1" };
    const lines: Line[] = [];
    for (const [command, from, to] of COMMANDS) {
      const args = [join(repository, "dist/cli/main.js"), ...command.split(" ").slice(1)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
      if (lines.length > 0) lines.push({ text: "", isTyped: false });
      lines.push({ text: `npx ${command}`, isTyped: true });
      for (const text of stdout.split("\n").slice(from, to)) lines.push({ text: lasting(text), isTyped: false });
    }
    return terminal("A first run: init, plan, sync, and a second plan that is empty", lines);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Line {
  readonly text: string;
  readonly isTyped: boolean;
}

/** Without what differs from run to run: how long it took. */
function lasting(text: string): string {
  return text.replace(/, \d+(?:\.\d+)? s$/, "").replace(/; (?:at most [\d.]+ %|nearly all) .*$/, "");
}

function terminal(title: string, lines: readonly Line[]): string {
  const height = 52 + LINE * lines.length;
  const shown = lines.flatMap(({ text, isTyped }, index) => {
    if (text === "") return [];
    const prompt = isTyped ? '<tspan fill="#4cc9a0">$ </tspan>' : "";
    const delay = ((DURATION * index) / lines.length).toFixed(2);
    return `<text x="24" y="${54 + LINE * index}" style="animation-delay:${delay}s"${isTyped ? ' font-weight="600"' : ""}>${prompt}${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ${height}" width="640" height="${height}" role="img" aria-label="${title}">
  <title>${title}</title>
  <style>
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: #e6e6e6; animation: appear 0.1s both }
    @keyframes appear { from { opacity: 0 } }
    @media (prefers-reduced-motion: reduce) { text { animation: none } }
  </style>
  <rect width="640" height="${height}" rx="10" fill="#1b1f24"/>
  <g fill="#5c6570"><circle cx="24" cy="20" r="5"/><circle cx="42" cy="20" r="5"/><circle cx="60" cy="20" r="5"/></g>
  ${shown.join("\n  ")}
</svg>
`;
}
