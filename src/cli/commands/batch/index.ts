/** The commands of a run: loaded together, because they share nearly all of their code. */
export * as apply from "./apply.ts";
export * as plan from "./plan.ts";
export * as retry from "./retry.ts";
export * as sync from "./sync.ts";
