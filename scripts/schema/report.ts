import { fileURLToPath } from "node:url";
import ts from "typescript";
import { oneLine, printable } from "../printable.ts";
import type { Finding } from "./compare-fields.ts";

export type Outcome = "unchanged" | "compatible" | "broken";

export interface Comparison {
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  readonly problems: readonly string[];
  readonly complaints: readonly Complaint[];
}

export function report(comparison: Comparison): string {
  const { findings, problems, complaints } = comparison;
  const of = (verdict: Finding["verdict"], provenance?: string) =>
    findings.filter((one) => one.verdict === verdict && (verdict === "new" || one.provenance === provenance));
  const sections = [
    section("Refuted assumptions", of("refuted", "assumed"), (one) => refuted(one, complaints)),
    section("Refuted, although documented by the guide", of("refuted", "documented"), (one) =>
      refuted(one, complaints),
    ),
    section("Changed since the last document", of("refuted"), (one) => refuted(one, complaints)),
    lines("What the package cannot do yet", problems.map(oneLine)),
    lines("Lines that do not compile", complaints.map(complaint)),
    summary("Confirmed assumptions", of("confirmed", "assumed")),
    summary("Open assumptions, which the document does not mention", of("open", "assumed")),
    section("New", of("new"), added),
  ];
  return [VERDICTS[comparison.outcome], ...sections.filter((text) => text !== "")].join("\n\n");
}

const VERDICTS: Record<Outcome, string> = {
  unchanged: "Nothing changed: the document means the same as the committed one.",
  compatible: "Changed and compatible: src/contract/contract.ts still compiles.",
  broken: "Contract broken: src/contract/contract.ts no longer fits the document.",
};

function section(title: string, findings: readonly Finding[], words: (finding: Finding) => string): string {
  return lines(
    title,
    findings.map((finding) => oneLine(words(finding))),
  );
}

function lines(title: string, items: readonly string[], count = items.length): string {
  return items.length === 0 ? "" : [`## ${title} (${count})`, "", ...items.map((item) => `- ${item}`)].join("\n");
}

function summary(title: string, findings: readonly Finding[]): string {
  const kinds = new Map<string, string[]>();
  for (const { what, name, operations } of findings) {
    const kind = `${what}${where(operations)}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), `\`${name}\``]);
  }
  const items = [...kinds].map(([kind, names]) => oneLine(`${kind}: ${names.join(", ")}`));
  return lines(title, items, findings.length);
}

function refuted(finding: Finding, complaints: readonly Complaint[]): string {
  const { what, name, now, operations } = finding;
  const change =
    now === undefined ? `\`${name}\` → gone` : now.includes("→") ? `\`${name}\`: ${now}` : `\`${name}\` → \`${now}\``;
  const concerned = [...new Set(complaints.filter((one) => concerns(one, finding)).map(place))];
  const see = concerned.length === 0 ? "" : `; see ${concerned.join(", ")}`;
  return `${what} ${change}${where(operations)}${see}`;
}

function added({ what, name, now, operations }: Finding): string {
  return `${what} \`${name}\`${now === undefined ? "" : ` (${now})`}${where(operations)}`;
}

function complaint(one: Complaint): string {
  return `${place(one)}  \`${oneLine(one.source)}\`\n  ${printable(one.message).replaceAll("\n", "\n  ")}`;
}

function place({ file, line }: Complaint): string {
  return `${file}:${line}`;
}

// It names the field or the path, or its line names the path.
function concerns({ message, source }: Complaint, { what, name, now }: Finding): boolean {
  if (what.startsWith("field")) {
    const fields = [name, now].flatMap((path) => path?.match(/[\w-]+$/)?.[0] ?? []);
    return fields.some((field) => message.includes(`'${field}'`) || message.includes(`"${field}"`));
  }
  if (what === "query parameter") return source.includes("testParameter");
  const path = /\/\S+/.exec(name)?.[0];
  return path !== undefined && (source.includes(`"${path}"`) || message.includes(`${path}"`));
}

function where(operations: readonly string[]): string {
  if (operations.length === 0) return "";
  return operations.length > 3 ? ` (${operations.length} operations)` : ` (${operations.join("; ")})`;
}

export interface Complaint {
  // Relative to the repository, with `/`.
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly message: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

// The contract, and the files that import it: no other can notice.
const CONCERNED = /\/contract\/|from "\S*\/contract\/contract\.ts"/;

// Read once for all calls of a process.
let read: { readonly options: ts.CompilerOptions; readonly sources: readonly string[] } | undefined;
const onDisk = new Map<string, ts.SourceFile>();
// The next program takes over what it can.
let last: ts.Program | undefined;

// In place of the files on disk the compiler gets these texts.
export function typecheck(generated: ReadonlyMap<URL, string>): Complaint[] {
  read ??= readProject();
  const { options, sources } = read;
  const texts = new Map([...generated].map(([file, text]) => [posix(fileURLToPath(file)), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  // The compiler looks for packages of types from here.
  host.getCurrentDirectory = () => ROOT;
  host.readFile = (name) => texts.get(posix(name)) ?? readFile(name);
  host.fileExists = (name) => texts.has(posix(name)) || fileExists(name);
  host.getSourceFile = (name, target) => {
    const text = texts.get(posix(name));
    if (text !== undefined) return ts.createSourceFile(name, text, target);
    const file = onDisk.get(name) ?? getSourceFile(name, target);
    if (file) onDisk.set(name, file);
    return file;
  };
  const program = ts.createProgram(sources, options, host, last);
  last = program;
  const checked = [...sources, ...texts.keys()].flatMap((name) => program.getSourceFile(name) ?? []);
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...checked.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ].map(complaintOf);
}

function readProject(): NonNullable<typeof read> {
  const config = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const sources = fileNames
    .filter((name) => posix(name).startsWith(`${posix(ROOT)}src/`))
    .filter((name) => CONCERNED.test(posix(name)) || CONCERNED.test(ts.sys.readFile(name) ?? ""));
  return { options, sources };
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

// The first line says what does not fit, the last one why.
function shorten(message: string): string {
  const lines = message.split("\n").map((line) => line.trim());
  const ends = lines.length > 1 ? [lines[0], lines.at(-1)] : lines;
  return ends.map((line = "") => (line.length > 300 ? `${line.slice(0, 300)}…` : line)).join("\n");
}

function posix(path: string): string {
  return path.replaceAll("\\", "/");
}
