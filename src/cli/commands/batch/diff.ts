import type { Command } from "commander";
import { isOpleadError } from "oplead-sdk";
import type { Action } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { makePlan } from "../../run/make-plan.ts";
import { type ConfigFlags, configFlags } from "../../shell/flags.ts";
import { inEnglish, say, told } from "../../texts/say.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface DiffFlags extends ConfigFlags {
  readonly reveal?: boolean;
}

export function define(command: Command): Action {
  command.argument("<account>", say("the account number of a user"));
  configFlags(command).option(
    "--reveal",
    say("show the new values, and the old ones that the ledger keeps, which may be personal data"),
  );
  return diff;
}

const diff = inWorkspace<DiffFlags>(["client", "source", "map"], async (workspace, context, [account = ""], flags) => {
  const plan = await makePlan(workspace, context, { full: true });
  const found = plan.diff(account, { reveal: flags.reveal ?? false });
  if (found) {
    context.output.result(String(found), found);
    if (found.fieldsUnknown && !flags.reveal)
      context.output.note(say("All new values: the same command with --reveal"));
    return EXIT.success;
  }
  const isAsked = (user: { readonly accountNumber: string | undefined }) => user.accountNumber === account;
  const issues = [
    ...plan.invalid.filter(isAsked).flatMap(({ issues, error }) => {
      // Like the new values, the message of an error in map may be personal data.
      const words = flags.reveal && error instanceof Error && !isOpleadError(error) ? `: ${error.message}` : "";
      return issues.map((issue) => ({ path: issue.path, what: [issue, words] as const }));
    }),
    ...plan.duplicates
      .filter(isAsked)
      .map(() => ({ path: "accountNumber", what: [told("belongs to several records")] as const })),
    ...plan.waiting.filter(isAsked).map(({ parent, because }) => {
      const what = told("names {parent}, which is {state}", { parent, state: told(because) });
      return { path: "parentUserIdentifier", what: [what] as const };
    }),
  ];
  if (issues.length > 0) {
    const lines = issues.map(({ path, what }) => ({ joined: [`  ${path === "" ? "" : `${path} `}`, ...what] }));
    const message = told("{user} cannot be sent:\n{lines}", { user: account, lines });
    const named = issues.map(({ path, what }) => ({ path, message: what.map(inEnglish).join("") }));
    throw new CommandError("invalid_input", message, EXIT.error, { issues: named });
  }
  const held = plan.held.find(isAsked);
  if (plan.missing.some(isAsked) || !(held || (await workspace.ledger.get(account)))) {
    throw new CommandError("not_found", told("The source has no user {user} that can be sent.", { user: account }));
  }
  const why = held
    ? say("{user} is held ({failure}); to send it again: npx oplead retry --held {user}.", {
        user: account,
        failure: `${held.step}: ${held.code}`,
      })
    : say("{user} has no change to send.", { user: account });
  context.output.result(why, { accountNumber: account, lines: [], held: held !== undefined });
  return EXIT.success;
});
