import type { CommandModule } from "../command.ts";
import type { Text } from "../texts/fr/texts.ts";

export interface CommandEntry {
  readonly name: string;
  /** Under which heading the help shows it. */
  readonly group: Text;
  readonly summary: Text;
  readonly load: () => Promise<CommandModule>;
}

const under =
  (group: Text) =>
  (name: string, summary: Text, load: CommandEntry["load"]): CommandEntry => ({ name, group, summary, load });

const start = under("Start:");
const runs = under("Runs:");
const rules = under("Rules:");
const live = under("Webhook and queue:");

const batch = (name: "plan" | "apply" | "sync" | "retry") => async () => (await import("./batch/index.ts"))[name];

/** Every command, in the order of the help. Each file is loaded when its command is used. */
export const COMMANDS: readonly CommandEntry[] = [
  start(
    "init",
    "write a config: a sample, or one made from your CSV file or workbook",
    () => import("./setup/init.ts"),
  ),
  start("doctor", "check Node, the config, the token, the address, the ledger", () => import("./setup/doctor.ts")),
  start("probe", "find out what the platform is like; writes nothing to Oplead", () => import("./setup/probe.ts")),
  start("types", "write the types of your platform's OpenAPI document", () => import("./setup/types.ts")),
  runs("plan", "show what a run would do, or a saved plan; writes nothing to Oplead", batch("plan")),
  runs("apply", "carry out a plan that was read", batch("apply")),
  runs("sync", "plan and apply within the guard, for cron", batch("sync")),
  runs("retry", "send again what failed or is held", batch("retry")),
  runs("pause", "keep runs from sending until a time, or end that", () => import("./ledger/pause.ts")),
  runs("ledger", "show, export, import and repair what is known of users", () => import("./ledger/ledger.ts")),
  runs("leavers", "list the users that left the source, and tick them off", () => import("./ledger/leavers.ts")),
  runs("history", "list the runs, or say what became of one", () => import("./history/history.ts")),
  runs("why", "tell what happened to one user, and what tonight's run would do", () => import("./history/why.ts")),
  runs("status", "show the last run, open problems, leavers and the queue", () => import("./history/status.ts")),
  rules("explain", "say who is eligible for a lead, and why", () => import("./rules/explain.ts")),
  rules("coverage", "find gaps, overlaps and rules that never match", () => import("./rules/coverage.ts")),
  live("serve", "receive the webhook of the config", () => import("./live/serve.ts")),
  live("worker", "bring the users of the queue to Oplead, or look after the queue", () => import("./live/worker.ts")),
  live("trigger", "sign and send a webhook delivery, as the source would", () => import("./live/trigger.ts")),
  start("fake", "run a fake Oplead", () => import("./setup/fake.ts")),
];
