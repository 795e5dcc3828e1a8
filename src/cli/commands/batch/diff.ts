import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { makePlan } from "../../run/make-plan.ts";
import { openSession } from "../../session/session.ts";
import { CommandError } from "../../shell/command-error.ts";
import type { Context } from "../../shell/context.ts";
import { type ConfigFlags, configFlags } from "../../shell/flags.ts";

interface DiffFlags extends ConfigFlags {
  readonly reveal?: boolean;
}

export function define(command: Command): Action {
  command.argument("<account>", "the account number of a user");
  configFlags(command).option("--reveal", "show the new values, which may be personal data");
  return diff;
}

const diff = async (context: Context, [account = ""]: readonly string[], flags: DiffFlags): Promise<ExitCode> => {
  const { output } = context;
  const session = await openSession(context, flags, "diff", ["client", "source", "map"]);
  try {
    const plan = await makePlan(session, context);
    const found = plan.diff(account, { reveal: flags.reveal ?? false });
    if (found) output.result(String(found), found);
    else {
      const invalid = plan.invalid.find(({ accountNumber }) => accountNumber === account);
      if (invalid) {
        const issues = invalid.issues.map(({ path, message }) => `  ${path === "" ? "" : `${path} `}${message}`);
        throw new CommandError("invalid_input", `${account} cannot be sent:\n${issues.join("\n")}`, EXIT.error, {
          issues: invalid.issues,
        });
      }
      const held = plan.held.find(({ accountNumber }) => accountNumber === account);
      const isMissing = plan.missing.some(({ accountNumber }) => accountNumber === account);
      if (isMissing || !(held || (await session.ledger.get(account)))) {
        throw new CommandError("not_found", `The source has no user ${account} that can be sent.`);
      }
      const why = held
        ? `is held (${held.step}: ${held.code}); to send it again: oplead retry --held ${account}`
        : "has no change to send";
      output.result(`${account} ${why}.`, { accountNumber: account, lines: [], held: held !== undefined });
    }
    return EXIT.success;
  } finally {
    await session.close();
  }
};
