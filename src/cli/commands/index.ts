import type { CommandEntry } from "../command.ts";

/** Every command, in the order of the help. Each file is loaded when its command is used. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "init",
    group: "Start",
    summary: "write a config, a sample CSV file and a line in .gitignore",
    load: () => import("./setup/init.ts"),
  },
  {
    name: "doctor",
    group: "Start",
    summary: "check Node, the config, the token, the address, the ledger",
    load: () => import("./setup/doctor.ts"),
  },
  {
    name: "plan",
    group: "Runs",
    summary: "show what a run would do; writes nothing to Oplead",
    load: async () => (await import("./batch/index.ts")).plan,
  },
  {
    name: "apply",
    group: "Runs",
    summary: "carry out a plan that was read",
    load: async () => (await import("./batch/index.ts")).apply,
  },
  {
    name: "sync",
    group: "Runs",
    summary: "plan and apply within the guard, for cron",
    load: async () => (await import("./batch/index.ts")).sync,
  },
  {
    name: "verify",
    group: "Runs",
    summary: "let Oplead check a plan in test mode; changes nothing",
    load: async () => (await import("./batch/index.ts")).verify,
  },
  {
    name: "show",
    group: "Runs",
    summary: "show a saved plan",
    load: async () => (await import("./batch/index.ts")).show,
  },
  {
    name: "diff",
    group: "Runs",
    summary: "show what would be sent for one user",
    load: async () => (await import("./batch/index.ts")).diff,
  },
  {
    name: "retry",
    group: "Runs",
    summary: "send again what failed or is held",
    load: async () => (await import("./batch/index.ts")).retry,
  },
  {
    name: "ledger",
    group: "Runs",
    summary: "show, export, import and repair what is known of users",
    load: () => import("./ledger/ledger.ts"),
  },
  {
    name: "rules",
    group: "Rules",
    summary: "compare the rules of all users with the platform",
    load: () => import("./rules/rules.ts"),
  },
  {
    name: "explain",
    group: "Rules",
    summary: "say who is eligible for a lead, and why",
    load: () => import("./rules/explain.ts"),
  },
  {
    name: "coverage",
    group: "Rules",
    summary: "find gaps, overlaps and rules that never match",
    load: () => import("./rules/coverage.ts"),
  },
  {
    name: "serve",
    group: "Webhook and queue",
    summary: "receive the webhook of the config",
    load: () => import("./live/serve.ts"),
  },
  {
    name: "worker",
    group: "Webhook and queue",
    summary: "bring the users of the queue to Oplead",
    load: () => import("./live/worker.ts"),
  },
  {
    name: "queue",
    group: "Webhook and queue",
    summary: "show the queue, or start its failed jobs again",
    load: () => import("./live/queue.ts"),
  },
  {
    name: "trigger",
    group: "Webhook and queue",
    summary: "sign and send a webhook delivery, as the source would",
    load: () => import("./live/trigger.ts"),
  },
  { name: "fake", group: "Start", summary: "run a fake Oplead", load: () => import("./setup/fake.ts") },
];
