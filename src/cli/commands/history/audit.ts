import type { Command } from "commander";
import { type LoadedConfig, loadConfig } from "oplead-sdk/config";
import { forgetAudit } from "oplead-sdk/sync";
import type { Action, Subcommands } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { auditPath } from "../../run/trace.ts";
import { type ConfigFlags, subcommand } from "../../shell/flags.ts";
import { counted, say, told } from "../../texts/say.ts";

export function define(command: Command): Subcommands {
  const sub = subcommand(command);
  return [
    [sub("forget <account...>", say("replace account numbers by random ones in every file of the audit")), forget],
  ];
}

/** The path of the audit that the config names. Opens no ledger: a run may be under way. */
export async function pathOfAudit({ config: file, target }: ConfigFlags): Promise<string> {
  return requireAudit(await loadConfig({ file, target, needs: [] }));
}

export function requireAudit(loaded: LoadedConfig): string {
  const path = auditPath(loaded);
  if (path === undefined) throw new CommandError("usage", told("The config has no audit file (audit: false)."));
  return path;
}

const forget: Action<ConfigFlags> = async ({ output }, accounts, flags) => {
  const path = await pathOfAudit(flags);
  const lines = accounts.map((account) => forgetAudit(path, account)).reduce((sum, count) => sum + count, 0);
  output.result(say("{lines} changed.", { lines: counted(lines, "line") }), { lines });
  return EXIT.success;
};
