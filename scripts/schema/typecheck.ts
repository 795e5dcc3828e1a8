/*
 * Checks whether src/ compiles with other generated files than those on disk. The files on disk do not change: the compiler is
 * given other text for them. Files of src/ that cannot notice the difference compile as before, and are left out.
 */
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

const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
const { options: committedOptions, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
const options: ts.CompilerOptions = {
  ...committedOptions,
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
};
const sources = fileNames.filter((name) => posix(name).startsWith(`${posix(ROOT)}src/`));

/** With the text on disk. */
let committed: Compiled | undefined;
/** The program of the last call. Later ones take over what they can. */
let last: ts.Program | undefined;
const parsed = new Map<string, ts.SourceFile>();

/** The errors of the compiler in src/, given the text of the files of generated/. */
export function typecheck(generated: ReadonlyMap<URL, string>): Complaint[] {
  const texts = new Map([...generated].map(([file, text]) => [posix(fileURLToPath(file)), text]));
  committed ??= compile(new Map());
  const changed = compile(texts);
  const { program } = changed;
  const own = [...texts.keys(), ...reachedBy(texts.keys(), changed, committed)];
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((name) => {
      const file = program.getSourceFile(name);
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    }),
  ].map(complaintOf);
}

interface Compiled {
  readonly program: ts.Program;
  /** What other files see of a file of src/. */
  declarationsOf(name: string): string;
}

function compile(texts: ReadonlyMap<string, string>): Compiled {
  const host = ts.createCompilerHost(options);
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
    const file = ts.createSourceFile(name, text, target);
    parsed.set(name, file);
    return file;
  };
  const program = ts.createProgram(sources, options, host, last);
  last = program;
  const declarations = new Map<string, string>();
  return {
    program,
    declarationsOf(name) {
      let text = declarations.get(name);
      if (text === undefined) {
        const emitted: string[] = [];
        program.emit(program.getSourceFile(name), (_, written) => emitted.push(written), undefined, true);
        text = emitted.join("");
        declarations.set(name, text);
      }
      return text;
    },
  };
}

/**
 * The files of src/ that import one of these, and those that import a file of which the declarations have changed or name a
 * changed one.
 */
function reachedBy(names: Iterable<string>, now: Compiled, before: Compiled): ReadonlySet<string> {
  const changed = new Set(names);
  const reached = new Set<string>();
  const importsChanged = (text: string, name: string) =>
    importsOf(text, name).some((imported) => changed.has(imported));
  const passesOn = (name: string): boolean => {
    const text = now.declarationsOf(name);
    return text !== before.declarationsOf(name) || importsChanged(text, name);
  };
  for (let known = -1; known < changed.size; ) {
    known = changed.size;
    for (const name of sources) {
      if (!importsChanged(now.program.getSourceFile(name)?.text ?? "", name)) continue;
      reached.add(name);
      if (passesOn(name)) changed.add(posix(name));
    }
  }
  return reached;
}

const imports = new Map<string, readonly string[]>();
const resolutions = ts.createModuleResolutionCache(ROOT, (name) => name, options);

/** The files that a text imports, if it is the text of the file with this name. */
function importsOf(text: string, name: string): readonly string[] {
  const key = `${name}\n${text}`;
  let known = imports.get(key);
  if (known === undefined) {
    known = ts.preProcessFile(text).importedFiles.flatMap(({ fileName }) => {
      const { resolvedModule } = ts.resolveModuleName(fileName, name, options, ts.sys, resolutions);
      return resolvedModule ? [posix(resolvedModule.resolvedFileName)] : [];
    });
    imports.set(key, known);
  }
  return known;
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
