import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { version } from "../../core/run-time.ts";
import { CommandError, withFile } from "../exit.ts";
import { told } from "../say.ts";
import { packaged } from "../shell/packaged.ts";

export const DEPLOYMENTS = ["cron", "systemd", "docker"] as const;

export type Deployment = (typeof DEPLOYMENTS)[number];

const FILES: Readonly<Record<Deployment, readonly string[]>> = {
  cron: ["cron/crontab", "cron/night.sh"],
  systemd: ["systemd/oplead-night.service", "systemd/oplead-night.timer"],
  docker: ["Dockerfile", "docker/compose.yaml"],
};

// Example paths in the package's files.
const [NODE, FOLDER, CONFIG] = ["/usr/bin/node", "/srv/oplead", "oplead.config.mjs"];

// The data folder, unless `OPLEAD_DATA` names another.
export const DATA = "/var/lib/oplead";

export interface Place {
  readonly folder: string;
  readonly config: string;
  readonly data: string;
}

// Replaces no file. `differing`: files of a user, or of another version.
export function writeDeployment(
  kind: Deployment,
  place: Place,
): { readonly files: string[]; readonly differing: string[]; readonly steps: string[] } {
  const from = packaged("deploy/systemd/");
  if (from === undefined) throw new CommandError("unexpected", told("deploy_files_missing"));
  const texts = FILES[kind].map((file) => adapted(readFileSync(join(from, "..", file), "utf8"), file, place));
  const [files, differing]: [string[], string[]] = [[], []];
  for (const [at, of] of FILES[kind].entries()) {
    const name = `deploy/${basename(of)}`;
    const file = join(place.folder, name);
    const text = texts[at] ?? "";
    if (existsSync(file)) {
      if (readFileSync(file, "utf8") !== text) differing.push(name);
      continue;
    }
    withFile("write", told("file_not_written", { file }), () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: "wx" });
    });
    files.push(name);
  }
  const listed = texts.map((text) => /^# Once, as root:\n((?:# {3}.*\n)+)/m.exec(text)?.[1]).join("");
  return { files, differing, steps: listed.split("\n").flatMap((line) => line.replace(/^# {3}/, "") || []) };
}

function adapted(text: string, file: string, place: Place): string {
  if (/\.(?:service|timer)$/.test(file)) return unitFor(text, place);
  if (file.endsWith("crontab")) {
    const path = [...new Set([dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"])].join(":");
    const lines = text.split("\n").map((line) => {
      // An unescaped `%` ends a command of a crontab, not the value of a variable.
      if (/^\d/.test(line)) return withPaths(line, place, (one) => shellWord(one).replaceAll("%", "\\%"));
      return withPaths(line, place, line.startsWith("#") ? shellWord : (one) => one);
    });
    return lines.join("\n").replace(/^PATH=.*$/m, `PATH=${path}`);
  }
  return text.replace(/\$\{OPLEAD_VERSION:-latest\}/, version);
}

export const shellWord = (path: string): string => {
  return /^[\w/.-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
};

function withPaths(text: string, { folder, config, data }: Place, word: (path: string) => string): string {
  const own = { [NODE]: process.execPath, [FOLDER]: folder, [DATA]: data };
  return text.replace(/(?:\/usr\/bin\/node|\/srv\/oplead|\/var\/lib\/oplead)(?![\w-])[^\s"]*/g, (path) => {
    const [start = ""] = Object.keys(own).filter((one) => path.startsWith(one));
    return word(own[start] + path.slice(start.length).replace(CONFIG, config));
  });
}

// `%` begins a placeholder of systemd.
function unitFor(text: string, place: Place): string {
  const plain = (path: string): string => path.replaceAll("%", "%%");
  const quoted = (path: string): string => (/\s/.test(path) ? `"${plain(path)}"` : plain(path));
  const lines = text.split("\n").map((line) => {
    return withPaths(line, place, line.startsWith("#") ? shellWord : line.startsWith("ExecStart=") ? quoted : plain);
  });
  // `ProtectHome=yes` hides homes from the unit.
  const isAtHome = [place.folder, process.execPath].some((path) => /^\/(?:home|root)\//.test(`${path}/`));
  const isState = place.data === DATA;
  return lines
    .join("\n")
    .replace(/^ProtectHome=yes$/m, isAtHome ? "ProtectHome=read-only" : "ProtectHome=yes")
    .replace(/^# systemd makes.*\nStateDirectory=oplead\nStateDirectoryMode=0700$/m, (lines) => {
      return isState ? lines : `ReadWritePaths=${plain(place.data)}`;
    });
}
