// Not an entry point: the command imports it as `#probe`.
export { compareFacts, type FactChange, type FactComparison, readFacts } from "./facts.ts";
export type { ProbeCondition, ProbeContent, ProbeOptions, ProbeRequest } from "./options.ts";
export { probePlatform, probeRequests } from "./probe.ts";
export { proposePlatform } from "./proposals.ts";
export { signOfTestMode } from "./test-mode.ts";
