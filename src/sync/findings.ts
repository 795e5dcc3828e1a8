import type { Outcome } from "../core/outcomes.ts";
import { append } from "../core/values.ts";
import type { StoredRefusal } from "../ledger/ledger.ts";
import type { Finding, FindingDetails, FindingKind, PlacedUser, SourcePosition } from "./types/findings.ts";
import { isoTime } from "./types/records.ts";
import type { ReportFacts } from "./types/report.ts";

const KINDS: readonly FindingKind[] = [
  "failed",
  "held",
  "invalid",
  "duplicate",
  "twin",
  "skipped",
  "waiting",
  "unverifiable",
  "suspicious",
  "stale",
  "leaver",
];

const PROBLEMS: ReadonlySet<FindingKind> = new Set(KINDS.slice(0, KINDS.indexOf("unverifiable")));

/** Whether Oplead lacks the user, or its last state, because of this finding. */
export function isProblem({ kind }: Pick<Finding, "kind">): boolean {
  return PROBLEMS.has(kind);
}

// Leavers that a person must deal with in Oplead: due, or still named as a parent.
export function toDealWith(findings: readonly Finding[]): Finding<"leaver">[] {
  return among(findings, "leaver").filter(({ state, team }) => state === "due" || (team && state !== "done"));
}

/** The findings of these kinds, in their order. */
export function among<Kind extends keyof FindingDetails>(
  findings: readonly Finding[],
  ...kinds: readonly Kind[]
): Finding<Kind>[] {
  const wanted: ReadonlySet<FindingKind> = new Set(kinds);
  // Safe: `kind` decides.
  return findings.filter(({ kind }) => wanted.has(kind)) as Finding[] as Finding<Kind>[];
}

export function inKinds(findings: readonly Finding[]): readonly Finding[] {
  const byKind = new Map<FindingKind, Finding[]>();
  for (const one of findings) append(byKind, one.kind, one);
  return KINDS.flatMap((kind) => byKind.get(kind) ?? []);
}

export function heldFinding(
  accountNumber: string,
  { record, row }: SourcePosition,
  { step, code, status, fields, at, firstAt = at }: StoredRefusal,
  takenBy?: PlacedUser,
): Finding<"held"> {
  return { kind: "held", record, row, accountNumber, step, code, status, fields, takenBy, since: isoTime(firstAt) };
}

export function amounts(findings: readonly Finding[]): (kind: FindingKind) => number {
  const found = new Map<FindingKind, number>();
  for (const { kind } of findings) found.set(kind, (found.get(kind) ?? 0) + 1);
  return (kind) => found.get(kind) ?? 0;
}

export function newsAmong(
  findings: readonly Finding[],
): Pick<ReportFacts, "newProblems" | "knownProblems" | "problems"> {
  const all = { new: 0, known: 0 };
  const problems: Partial<Record<Outcome, typeof all>> = {};
  for (const one of findings) {
    if (one.isNew === undefined || !isProblem(one)) continue;
    const age = one.isNew ? "new" : "known";
    const outcome = (one.kind === "waiting" ? "skipped" : one.kind) as Outcome;
    problems[outcome] ??= { new: 0, known: 0 };
    problems[outcome][age] += 1;
    all[age] += 1;
  }
  return { newProblems: all.new, knownProblems: all.known, problems };
}
