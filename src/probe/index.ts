// The command `oplead probe` imports this file as `#probe`. It is not an entry point of the package.
export { compareFacts, type FactChange, type FactComparison, readFacts } from "./facts.ts";
export type { ProbeCondition, ProbeContent, ProbeOptions, ProbeRequest } from "./options.ts";
export { probePlatform, probeRequests } from "./probe.ts";
