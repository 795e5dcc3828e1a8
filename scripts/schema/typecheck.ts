/*
 * Whether src/ compiles with other generated files than those on disk, which stay as they are: the compiler is told that
 * they hold another text.
 */
import { fileURLToPath } from "node:url";
import ts from "typescript";

export interface Complaint {
  /** Relative to the repository, with `/`. */
  readonly file: string;
  readonly line: number;
  /** The line itself. */
  readonly source: string;
  readonly message: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the compiler complains about in src/, given the text of the files of generated/. */
export function typecheck(generated: ReadonlyMap<URL, string>): Complaint[] {
  const config = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const texts = new Map([...generated].map(([file, text]) => [posix(fileURLToPath(file)), text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  // Packages of types are looked for from here.
  host.getCurrentDirectory = () => ROOT;
  host.readFile = (name) => texts.get(posix(name)) ?? readFile(name);
  host.fileExists = (name) => texts.has(posix(name)) || fileExists(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = texts.get(posix(name));
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  const sources = fileNames.filter((name) => posix(name).startsWith(`${posix(ROOT)}src/`));
  const program = ts.createProgram(sources, options, host);
  return ts.getPreEmitDiagnostics(program).map(complaintOf);
}

function complaintOf({ file, start = 0, messageText }: ts.Diagnostic): Complaint {
  const message = shorten(ts.flattenDiagnosticMessageText(messageText, "\n"));
  if (!file) return { file: "", line: 0, source: "", message };
  const { line } = file.getLineAndCharacterOfPosition(start);
  return {
    file: posix(file.fileName).slice(posix(ROOT).length),
    line: line + 1,
    source: file.text.split("\n")[line]?.trim() ?? "",
    message,
  };
}

/** The first line says what does not fit, the last one why. */
function shorten(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const ends = lines.length > 1 ? [lines[0], lines.at(-1)] : lines;
  return ends.map((line = "") => (line.length > 300 ? `${line.slice(0, 300)}…` : line)).join("\n");
}

function posix(path: string): string {
  return path.replaceAll("\\", "/");
}
