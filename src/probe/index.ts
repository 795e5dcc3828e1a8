// What the command `oplead probe` uses, as `#probe`. It is no entry point.
export { compareFacts, type FactChange, type FactComparison } from "./compare-facts.ts";
export type { ProbeOptions } from "./options.ts";
export { probePlatform, probeRequests } from "./probe.ts";
export { readFacts } from "./read-facts.ts";
export type { ProbeCondition, ProbeContent, ProbeRequest } from "./requests.ts";
