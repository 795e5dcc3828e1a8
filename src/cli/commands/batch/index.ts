/** The commands of a run: loaded together, because they share nearly all of their code. */
export * as apply from "./apply.ts";
export * as diff from "./diff.ts";
export * as plan from "./plan.ts";
export * as retry from "./retry.ts";
export * as show from "./show.ts";
export * as support from "./support.ts";
export * as sync from "./sync.ts";
export * as verify from "./verify.ts";
