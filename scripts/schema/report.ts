import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compilerOptions } from "../../tsconfig.json" with { type: "json" };
import { compile } from "../compiler.ts";
import { oneLine, printable } from "../printable.ts";
import { filesOf } from "../sizes.ts";
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
const { paths } = compilerOptions;

// The contract, and the files that import it: no other can notice.
const CONCERNED = /\/contract\/|from "\S*\/contract\/contract\.ts"/;

/** The errors of the compiler in src/, if the files of generated/ had these texts. */
export function typecheck(generated: ReadonlyMap<URL, string>): Complaint[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "oplead-typecheck-")));
  try {
    for (const name of ["src", "generated"]) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
    for (const [file, text] of generated) writeFileSync(join(folder, relative(ROOT, fileURLToPath(file))), text);
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    const files = filesOf(join(folder, "src"))
      .map((file) => relative(folder, file).replaceAll("\\", "/"))
      .filter((file) => CONCERNED.test(file) || CONCERNED.test(read(file)));
    const config = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { paths },
      files,
      include: ["src/**/*.d.ts"],
    };
    return compile(folder, config)
      .filter(({ file }) => file === "" || file.startsWith("generated/") || files.includes(file))
      .map(({ file, line, text }) => {
        const source = file === "" ? "" : (read(file).split("\n")[line - 1]?.trim() ?? "");
        // The beginning says what does not fit, the end why.
        const message = text.length > 600 ? `${text.slice(0, 300)}… ${text.slice(-300)}` : text;
        return { file, line, source, message };
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
