import { type LoadedConfig, loadConfig } from "oplead-sdk/config";
import { CommandError } from "../exit.ts";
import type { ConfigFlags } from "../shell/flags.ts";
import { told } from "../texts/say.ts";
import { auditPath } from "./trace.ts";

/** The path of the audit that the config names. Opens no ledger: a run may be under way. */
export async function pathOfAudit({ config: file, target }: ConfigFlags): Promise<string> {
  return requireAudit(await loadConfig({ file, target, needs: [] }));
}

export function requireAudit(loaded: LoadedConfig): string {
  const path = auditPath(loaded);
  if (path === undefined) throw new CommandError("usage", told("no_audit_file"));
  return path;
}
