import type { CommandEntry } from "../command.ts";

/** Every command, in the order of the help. Each file is loaded when its command is used. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "write a config, a sample CSV file and a line in .gitignore",
    load: () => import("./init.ts"),
  },
  {
    name: "doctor",
    summary: "check Node, the config, the token, the address, the ledger",
    load: () => import("./doctor.ts"),
  },
  { name: "plan", summary: "show what a run would do; writes nothing to Oplead", load: () => import("./plan.ts") },
  { name: "apply", summary: "carry out a plan that was read", load: () => import("./apply.ts") },
  { name: "sync", summary: "plan and apply within the guard, for cron", load: () => import("./sync.ts") },
  { name: "show", summary: "show a saved plan", load: () => import("./show.ts") },
  { name: "diff", summary: "show what would be sent for one user", load: () => import("./diff.ts") },
  { name: "retry", summary: "send again what failed or is held", load: () => import("./retry.ts") },
  {
    name: "ledger",
    summary: "list, get, forget, export, import what is known of users",
    load: () => import("./ledger.ts"),
  },
  { name: "rules", summary: "compare the rules of all users with the platform", load: () => import("./rules.ts") },
  { name: "explain", summary: "say who is eligible for a lead, and why", load: () => import("./explain.ts") },
  { name: "coverage", summary: "find gaps, overlaps and rules that never match", load: () => import("./coverage.ts") },
  { name: "serve", summary: "receive the webhook of the config", load: () => import("./serve.ts") },
  { name: "worker", summary: "bring the users of the queue to Oplead", load: () => import("./worker.ts") },
  { name: "queue", summary: "show the queue, or start its failed jobs again", load: () => import("./queue.ts") },
  {
    name: "trigger",
    summary: "sign and send a webhook delivery, as the source would",
    load: () => import("./trigger.ts"),
  },
  { name: "fake", summary: "run a fake Oplead", load: () => import("./fake.ts") },
];
