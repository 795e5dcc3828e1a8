import type { CommandModule } from "../command.ts";
import type { PlainCode } from "../texts/say.ts";

export interface CommandEntry {
  readonly name: string;
  /** Under which heading the help shows it. */
  readonly group: PlainCode;
  readonly summary: PlainCode;
  readonly load: () => Promise<CommandModule>;
}

const under =
  (group: PlainCode) =>
  (name: string, summary: PlainCode, load: CommandEntry["load"]): CommandEntry => ({ name, group, summary, load });

const start = under("group_start");
const runs = under("group_runs");
const rules = under("group_rules");
const live = under("group_live");

const batch = (name: "plan" | "apply" | "sync" | "retry") => async () => (await import("./batch/index.ts"))[name];

/** Every command, in the order of the help. Each file is loaded when its command is used. */
export const COMMANDS: readonly CommandEntry[] = [
  start("init", "init_summary", () => import("./setup/init.ts")),
  start("doctor", "doctor_summary", () => import("./setup/doctor.ts")),
  start("probe", "probe_summary", () => import("./setup/probe.ts")),
  start("types", "types_summary", () => import("./setup/types.ts")),
  runs("plan", "plan_summary", batch("plan")),
  runs("apply", "apply_summary", batch("apply")),
  runs("sync", "sync_summary", batch("sync")),
  runs("retry", "retry_summary", batch("retry")),
  runs("pause", "pause_summary", () => import("./ledger/pause.ts")),
  runs("ledger", "ledger_summary", () => import("./ledger/ledger.ts")),
  runs("leavers", "leavers_summary", () => import("./ledger/leavers.ts")),
  runs("history", "history_summary", () => import("./history/history.ts")),
  runs("why", "why_summary", () => import("./history/why.ts")),
  runs("status", "status_summary", () => import("./history/status.ts")),
  rules("explain", "explain_summary", () => import("./rules/explain.ts")),
  rules("coverage", "coverage_summary", () => import("./rules/coverage.ts")),
  live("serve", "serve_summary", () => import("./live/serve.ts")),
  live("worker", "worker_summary", () => import("./live/worker.ts")),
  live("trigger", "trigger_summary", () => import("./live/trigger.ts")),
  start("fake", "fake_summary", () => import("./setup/fake.ts")),
];
