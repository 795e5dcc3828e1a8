import type { OpleadError } from "../../core/errors.ts";
import { tellStop } from "../../locales/en/sync.ts";
import type { StopReason } from "../types/messages.ts";

export function whyLedgerFailed(error: OpleadError): StopReason {
  return tellStop("ledger_failed", factsOf(error));
}

export function whyStoreFailed(error: OpleadError): StopReason | undefined {
  if (error.code === "ledger_unavailable") return whyLedgerFailed(error);
  return error.code === "queue_unavailable" ? tellStop("queue_unavailable", factsOf(error)) : undefined;
}

function factsOf({ message: problem, issues: [issue] = [] }: OpleadError) {
  return issue ? { problem, issue: { code: issue.code, parameters: issue.parameters } } : { problem };
}
