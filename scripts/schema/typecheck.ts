/*
 * Checks whether src/ compiles with other generated files than those on disk. The files on disk do not change: the compiler is
 * given other text for them. Only the contract, the files that import it and what these import are compiled: no other file can notice.
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export interface Complaint {
  /** Relative to the repository, with `/`. */
  readonly file: string;
  readonly line: number;
  /** The text of the line. */
  readonly source: string;
  readonly message: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The program of the last call. Later ones take over what they can. */
let last: ts.SemanticDiagnosticsBuilderProgram | undefined;
const parsed = new Map<string, Versioned>();
type Versioned = ts.SourceFile & { version?: string };

/** The contract, which alone imports the types of the document, and the files that import the contract. */
const CONCERNED = /\/contract\/|from "\S*\/contract\/contract\.ts"/;

/** The errors of the compiler in src/, given the text of the files of generated/. */
export function typecheck(generated: ReadonlyMap<URL, string>): Complaint[] {
  const config = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const texts = new Map([...generated].map(([file, text]) => [posix(fileURLToPath(file)), text]));
  const host = ts.createIncrementalCompilerHost(options);
  const { readFile, fileExists } = host;
  // The compiler looks for packages of types from here.
  host.getCurrentDirectory = () => ROOT;
  host.readFile = (name) => texts.get(posix(name)) ?? readFile(name);
  host.fileExists = (name) => texts.has(posix(name)) || fileExists(name);
  host.getSourceFile = (name, target) => {
    const text = host.readFile(name);
    if (text === undefined) return undefined;
    const known = parsed.get(name);
    if (known?.text === text) return known;
    const file: Versioned = ts.createSourceFile(name, text, target);
    file.version = createHash("sha256").update(text).digest("hex");
    parsed.set(name, file);
    return file;
  };
  const sources = fileNames
    .filter((name) => posix(name).startsWith(`${posix(ROOT)}src/`))
    .filter((name) => CONCERNED.test(posix(name)) || CONCERNED.test(readFile(name) ?? ""));
  const builder = ts.createSemanticDiagnosticsBuilderProgram(sources, options, host, last);
  last = builder;
  const program = builder.getProgram();
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    // Files that cannot notice the difference to the last call are not checked again.
    ...builder.getSemanticDiagnostics(),
  ].map(complaintOf);
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

/** Keeps the first line, which says what does not fit, and the last one, which says why. */
function shorten(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const ends = lines.length > 1 ? [lines[0], lines.at(-1)] : lines;
  return ends.map((line = "") => (line.length > 300 ? `${line.slice(0, 300)}…` : line)).join("\n");
}

function posix(path: string): string {
  return path.replaceAll("\\", "/");
}
