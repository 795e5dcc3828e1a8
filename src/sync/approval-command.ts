import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { options, optionsCheck, text } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellSaved } from "../locales/en/sync.ts";
import type { PlanFacts } from "./types/plan.ts";

/** Options of {@link approvalCommand}. */
export interface ApprovalCommandOptions {
  /** The saved plan. Without it, the command makes the plan again, and refuses it if its hash differs. */
  readonly file?: string | undefined;
  /** The target of the config. Default: none is named. */
  readonly target?: string | undefined;
  /** The config file. Default: none is named, and the command looks for one. */
  readonly config?: string | undefined;
}

const check = /* @__PURE__ */ optionsCheck<ApprovalCommandOptions>("approvalCommand", () =>
  options({ file: text(), target: text(), config: text() }),
);

/**
 * The command that carries out exactly this plan: `npx oplead sync --approve Abc123`, with the options that select its
 * users. For a saved plan `npx oplead apply plan.json`, with `--approve Abc123` if the plan was refused.
 *
 * @throws {@link OpleadError} `invalid_options`; `invalid_input` for a value that is not a plan.
 */
export function approvalCommand(
  plan: Pick<PlanFacts, "hash" | "selection" | "refusals">,
  given: ApprovalCommandOptions = {},
): string {
  check(given);
  if (!isObject(plan) || !isObject(plan.selection)) {
    throw invalid("invalid_input", "approvalCommand: the plan cannot be used", [
      issueAt("", tellSaved("not_saved_plan")),
    ]);
  }
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
  return `npx oplead ${words.map(quoted).join(" ")}`;
}

// An account number may hold anything.
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
