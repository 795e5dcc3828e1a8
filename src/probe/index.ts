export type {
  BodyForm,
  BodyShape,
  Fact,
  FactEvidence,
  FactGap,
  FactName,
  FactValues,
  FactVerdict,
  PlatformFacts,
  RuleState,
} from "../facts.ts";
export { compareFacts, type FactChange, type FactComparison } from "./compare-facts.ts";
export type { ProbeOptions } from "./options.ts";
export { probePlatform, probeRequests } from "./probe.ts";
export { readFacts } from "./read-facts.ts";
export type { ProbeCondition, ProbeContent, ProbeRequest } from "./requests.ts";
