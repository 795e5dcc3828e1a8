import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { auditPath, lastFailures } from "../../run/audit.ts";
import { carryOut, type RunFlags } from "../../run/carry-out.ts";
import { makePlan } from "../../run/make-plan.ts";
import { runFlags } from "../../run/run-flags.ts";
import { openSession } from "../../session/session.ts";
import { CommandError } from "../../shell/command-error.ts";
import type { Context } from "../../shell/context.ts";
import { counted } from "../../shell/counted.ts";
import type { ConfigFlags } from "../../shell/flags.ts";
import { helpNote } from "../../shell/help-note.ts";

interface RetryFlags extends ConfigFlags, RunFlags {
  readonly held?: boolean;
}

export function define(command: Command): Action {
  command.argument("[account...]", "only these users");
  runFlags(command).option("--held", "also send what Oplead has refused, although it is the same");
  helpNote(
    command,
    "Without account numbers: the users that the last run of the audit file did not bring to Oplead.\n" +
      "Exit codes: 0 success, or nothing to send; 3 stopped by the guard; 4 partly failed; 1 error; 130 interrupted.",
  );
  return retry;
}

const retry = async (context: Context, accounts: readonly string[], flags: RetryFlags): Promise<ExitCode> => {
  const { output } = context;
  const session = await openSession(context, flags, "retry", ["client", "source", "map"]);
  try {
    const path = auditPath(session.loaded);
    const last = accounts.length > 0 || path === undefined ? undefined : lastFailures(path);
    if (accounts.length === 0 && !last && !flags.held) {
      throw new CommandError(
        "usage",
        "There is no audit file that says what failed: name the account numbers, or use --held.",
      );
    }
    const retryHeld = accounts.length > 0 && flags.held ? accounts : flags.held === true;
    const plan = await makePlan(session, context, { retryHeld });
    const held = new Set(flags.held && accounts.length === 0 ? await heldAccounts(session.ledger) : []);
    const wanted = new Set(accounts.length > 0 ? accounts : [...(last?.accountNumbers ?? []), ...held]);
    const only = plan.changes.map(({ accountNumber }) => accountNumber).filter((name) => wanted.has(name));
    if (only.length === 0 && output.json === false) {
      const refused = plan.held.filter(({ accountNumber }) => wanted.has(accountNumber)).length;
      const how = refused === 0 ? "" : ` Oplead has refused ${refused} of them before: --held sends them all the same.`;
      output.raw(`Nothing to send again.${how}`);
      return EXIT.success;
    }
    output.note(`${counted(only.length, "user")} to send again${last ? ` (from run ${last.run})` : ""}.`);
    return await carryOut(plan, session, context, flags, (watched) => plan.apply({ only, ...watched }));
  } finally {
    await session.close();
  }
};

async function heldAccounts(ledger: {
  entries(): AsyncIterable<readonly [string, { readonly held?: object | undefined }]>;
}) {
  const accounts: string[] = [];
  for await (const [accountNumber, { held }] of ledger.entries()) {
    if (held && Object.keys(held).length > 0) accounts.push(accountNumber);
  }
  return accounts;
}
