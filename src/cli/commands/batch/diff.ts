import type { Command } from "commander";
import { isOpleadError } from "oplead-sdk";
import type { Action } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { makePlan } from "../../run/make-plan.ts";
import { type ConfigFlags, configFlags } from "../../shell/flags.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface DiffFlags extends ConfigFlags {
  readonly reveal?: boolean;
}

export function define(command: Command): Action {
  command.argument("<account>", "the account number of a user");
  configFlags(command).option("--reveal", "show the new values, which may be personal data");
  return diff;
}

const diff = inWorkspace<DiffFlags>(["client", "source", "map"], async (workspace, context, [account = ""], flags) => {
  const plan = await makePlan(workspace, context, { full: true });
  const found = plan.diff(account, { reveal: flags.reveal ?? false });
  if (found) {
    context.output.result(String(found), found);
    if (found.fieldsUnknown && !flags.reveal) context.output.note("All new values: the same command with --reveal");
    return EXIT.success;
  }
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const issues = [
    ...plan.invalid.filter(isAsked).flatMap(({ issues, error }) => {
      // Like the new values, the message of an error in map may be personal data.
      const words = flags.reveal && error instanceof Error && !isOpleadError(error) ? `: ${error.message}` : "";
      return issues.map(({ path, message }) => ({ path, message: message + words }));
    }),
    ...plan.duplicates.filter(isAsked).map(() => ({ path: "accountNumber", message: "belongs to several records" })),
    ...plan.waiting.filter(isAsked).map(({ parent, because }) => {
      return { path: "parentUserIdentifier", message: `names ${parent}, which is ${because}` };
    }),
  ];
  if (issues.length > 0) {
    const lines = issues.map(({ path, message }) => `  ${path === "" ? "" : `${path} `}${message}`);
    const message = `${account} cannot be sent:\n${lines.join("\n")}`;
    throw new CommandError("invalid_input", message, EXIT.error, { issues });
  }
  const held = plan.held.find(isAsked);
  if (plan.missing.some(isAsked) || !(held || (await workspace.ledger.get(account)))) {
    throw new CommandError("not_found", `The source has no user ${account} that can be sent.`);
  }
  const why = held
    ? `is held (${held.step}: ${held.code}); to send it again: oplead retry --held ${account}`
    : "has no change to send";
  context.output.result(`${account} ${why}.`, { accountNumber: account, lines: [], held: held !== undefined });
  return EXIT.success;
});
