// What the command `oplead probe` uses, as `#probe`. It is no entry point.
export { compareFacts, type FactChange, type FactComparison, readFacts } from "./facts.ts";
export type { ProbeCondition, ProbeContent, ProbeOptions, ProbeRequest } from "./options.ts";
export { probePlatform, probeRequests } from "./probe.ts";
