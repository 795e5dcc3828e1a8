import type { PlanFacts } from "./types/plan.ts";

export interface ApprovalCommandOptions {
  readonly file?: string | undefined;
  readonly target?: string | undefined;
  readonly config?: string | undefined;
}

export function approvalCommand(
  plan: Pick<PlanFacts, "hash" | "selection" | "refusals">,
  given: ApprovalCommandOptions = {},
): string {
  const { hash, selection } = plan;
  const { file, target, config } = given;
  const { sourceFile, resend, full, only, limit } = selection;
  const what = [
    ...["--approve", hash],
    ...(sourceFile == null ? [] : ["--source", sourceFile]),
    ...(resend ? ["--resend"] : []),
    ...(full ? ["--full"] : []),
    ...(only == null ? [] : ["--only", ...only]),
    ...(limit == null ? [] : ["--limit", String(limit)]),
  ];
  const { refusals = [] } = plan;
  const ofFile = file === undefined ? [] : [file, ...(refusals.length > 0 ? ["--approve", hash] : [])];
  const words = [
    file === undefined ? "sync" : "apply",
    ...(file === undefined ? what : ofFile),
    ...(target === undefined ? [] : ["--target", target]),
    ...(config === undefined ? [] : ["--config", config]),
  ];
  return `npx oplead-sdk ${words.map(quoted).join(" ")}`;
}

// Quotes for a shell: an account number may hold anything.
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
