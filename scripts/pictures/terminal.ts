/** Commands in a real terminal, with their colours, as pages that can be photographed. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFakeOplead, realCountries } from "../../src/testing/index.ts";
import { configWith } from "../../test/support/command.ts";
import { escaped } from "./svg.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const main = join(repository, "dist/cli/main.js");

type Row = readonly [ref: string, name: string, email: string, zip: string, radius: string];

/** A network that changes from night to night. */
function network(night: "first" | "calm" | "lost"): string {
  const rows = Array.from({ length: night === "lost" ? 100 : 204 }, (_, index): Row => {
    const ref = `DLR-${String(index).padStart(4, "0")}`;
    const email = night !== "first" && index === 12 ? "nobody" : `p${index}@dealers.example`;
    const radius = night === "calm" && index % 17 === 3 ? "45" : "30";
    return [ref, `Étienne ${index}`, email, index === 40 && night === "calm" ? "99999" : "01000", radius];
  });
  const kept =
    night === "first" ? rows.slice(0, 200) : night === "calm" ? [...rows.slice(0, 50), ...rows.slice(52)] : rows;
  return ["ref;name;email;zip;radius", ...kept.map((row) => row.join(";"))].join("\r\n").concat("\r\n");
}

/** The states that a reviewer should see, by name. Each is a page with the commands and what a terminal shows after them. */
export async function terminalPages(language: "en" | "fr", columns: number): Promise<[name: string, html: string][]> {
  const folder = await mkdtemp(join(tmpdir(), "oplead-terminal-"));
  const fake = createFakeOplead({ countries: realCountries() });
  const server = await fake.listen();
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(repository, join(folder, "node_modules/oplead-sdk"), "junction");
    await writeFile(join(folder, "oplead.config.mjs"), configWith("", "rateLimit: { requests: 150, perMs: 1000 },"));
    const env = {
      ...process.env,
      ...{ OPLEAD_BASE_URL: server.url, OPLEAD_TOKEN: "fake-token", OPLEAD_LANGUAGE: language },
      ...{ TERM: "xterm-256color", LC_ALL: "C.UTF-8" },
    };
    const run = async (words: string, more: NodeJS.ProcessEnv = {}): Promise<string> => {
      const command = `stty cols ${columns} rows 50; '${process.execPath}' '${main}' ${words}`;
      // `script` gives the command a terminal, and ends with the command's exit code.
      const { stdout } = await promisify(execFile)("script", ["-qec", command, "/dev/null"], {
        cwd: folder,
        env: { ...env, ...more },
      }).catch((failed: { stdout: string }) => failed);
      return stdout;
    };
    const shown: [name: string, html: string][] = [];
    const keep = (name: string, ...runs: (readonly [words: string, written: string])[]): void => {
      const parts = runs.map(([words, written]) => `<b>$ npx oplead ${words}</b>\n${toHtml(written)}`);
      shown.push([name, terminalPage(parts.join("\n"), columns, language)]);
    };
    const source = join(folder, "dealers.csv");
    await writeFile(source, network("first"));
    const [approval = ""] = /sync --approve \S+/.exec(await run("plan")) ?? [];
    // Each frame of the progress bar ends by clearing the rest of its line.
    const frames = (await run(approval)).split("\u001b[0K");
    const half = frames.slice(0, Math.ceil(frames.length / 2)).join("\u001b[0K");
    await writeFile(source, network("calm"));
    keep("plan", ["plan", await run("plan")]);
    keep("run", [approval, half], ["sync", await run("sync")]);
    await writeFile(source, network("lost"));
    keep("refused", ["plan", await run("plan")], ["sync", await run("sync")]);
    keep("doctor", ["doctor", await run("doctor")], ["doctor", await run("doctor", { OPLEAD_TOKEN: "other" })]);
    keep(
      "status",
      ["status", await run("status")],
      ["history", await run("history")],
      ["leavers", await run("leavers")],
    );
    return shown;
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Cell {
  readonly text: string;
  readonly style: string;
}

/** What a terminal shows after a program wrote this: colours, and lines that were overwritten. */
function toHtml(written: string): string {
  const lines: Cell[][] = [];
  let [row, column, saved, colour, isBold] = [0, 0, 0, "", false];
  const write = (text: string): void => {
    for (const character of text) {
      if (character === "\r") column = 0;
      else if (character === "\n") row += 1;
      else {
        const line = lines[row] ?? [];
        line[column] = { text: character, style: `${colour}${isBold ? " bold" : ""}` };
        lines[row] = line;
        column += 1;
      }
    }
  };
  const [before = "", ...sequences] = written.split("\u001b");
  write(before);
  for (const sequence of sequences) {
    const [whole = "", code = ""] = /^(?:\[([?\d;]*[A-Za-z])|[78])/.exec(sequence) ?? [];
    if (whole === "7") saved = column;
    else if (whole === "8") column = saved;
    else if (code === "0K" || code === "K") lines[row]?.splice(column);
    else if (code.endsWith("G")) column = Number.parseInt(code, 10) - 1;
    else if (code.endsWith("m")) [colour, isBold] = styleAfter(code, colour, isBold);
    write(sequence.slice(whole.length));
  }
  // A list with gaps gives undefined for them.
  const shown = Array.from({ length: row + 1 }, (_, index) =>
    Array.from(lines[index] ?? [], (cell: Cell | undefined) =>
      cell === undefined ? " " : `<span class="${cell.style}">${escaped(cell.text)}</span>`,
    ),
  );
  return shown.map((cells) => cells.join("")).join("\n");
}

function styleAfter(code: string, colour: string, isBold: boolean): [colour: string, isBold: boolean] {
  const number = Number.parseInt(code, 10);
  if (number === 1) return [colour, true];
  if (number === 22) return [colour, false];
  return number >= 30 && number <= 39 ? [number === 39 ? "" : `c${number}`, isBold] : ["", false];
}

function terminalPage(content: string, columns: number, language: string): string {
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><style>
body { margin: 0; background: #1b1f24 }
pre { margin: 0; padding: 16px; width: ${columns}ch; font: 14px/1.35 "DejaVu Sans Mono", monospace; color: #e6e6e6; box-shadow: inset -1px 0 #5c6570 }
.bold, b { font-weight: 700 } b { color: #4cc9a0 } .c31 { color: #ff7b72 } .c32 { color: #7ee787 } .c33 { color: #e3b341 }
</style><pre>${content}</pre></html>`;
}
