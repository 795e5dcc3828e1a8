import { oneLine, printable } from "../printable.ts";
import type { Finding } from "./findings.ts";
import type { Complaint } from "./typecheck.ts";

/** What the exit status says as well. */
export type Outcome = "unchanged" | "compatible" | "broken";

export interface Comparison {
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  readonly problems: readonly string[];
  readonly complaints: readonly Complaint[];
}

/** The comparison in words, as Markdown: it is read in terminals and in pull requests. */
export function report(comparison: Comparison): string {
  const { findings, problems, complaints } = comparison;
  const of = (verdict: Finding["verdict"], provenance?: string) =>
    findings.filter((one) => one.verdict === verdict && (verdict === "new" || one.provenance === provenance));
  const sections = [
    section("Refuted: assumed, and not so", of("refuted", "assumed"), (one) => refuted(one, complaints)),
    section("Documented by the guide, and yet not so", of("refuted", "documented"), (one) => refuted(one, complaints)),
    section("Changed since the last document", of("refuted"), (one) => refuted(one, complaints)),
    lines("What the package cannot do as it is", problems.map(oneLine)),
    lines("Lines that must change, says the compiler", complaints.map(complaint)),
    summary("Confirmed: assumed, and so it is", of("confirmed", "assumed")),
    summary("Still open: assumed, and the document says nothing of it", of("open", "assumed")),
    section("New", of("new"), added),
  ];
  return [VERDICTS[comparison.outcome], ...sections.filter((text) => text !== "")].join("\n\n");
}

const VERDICTS: Record<Outcome, string> = {
  unchanged: "Nothing changed: the document says what the committed one says.",
  compatible: "Changed and compatible: src/contract/contract.ts holds.",
  broken: "Contract broken: src/contract/contract.ts does not hold any more.",
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

/** What holds needs no line of its own. */
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

/** By the field, where the compiler names it, or by the path where the line does. */
function concerns({ message, source }: Complaint, { what, name, now }: Finding): boolean {
  if (what.startsWith("field")) {
    const fields = [name, now].flatMap((path) => path?.match(/[\w-]+$/)?.[0] ?? []);
    return fields.some((field) => message.includes(`'${field}'`) || message.includes(`"${field}"`));
  }
  if (what === "query parameter") return source.includes("testParameter");
  const path = /\/\S+/.exec(name)?.[0];
  return path !== undefined && source.includes(`"${path}"`);
}

/** A handful of operations by name, more by number. */
function where(operations: readonly string[]): string {
  if (operations.length === 0) return "";
  return operations.length > 3 ? ` (${operations.length} operations)` : ` (${operations.join("; ")})`;
}
