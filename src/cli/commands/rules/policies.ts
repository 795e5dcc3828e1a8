import type { Command } from "commander";
import { judgePolicies } from "oplead-sdk/sync";
import type { Action } from "../../command.ts";
import { warnOfUnknown } from "../../coverage/planned-users.ts";
import { policiesOf } from "../../coverage/policies.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { type ConfigFlags, configFlags, helpNote } from "../../shell/flags.ts";
import { counted, messageOf, say, told } from "../../texts/say.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

export function define(command: Command): Action {
  configFlags(command);
  helpNote(
    command,
    say(
      "Sends nothing and reads the ledger only: what Oplead accepted in runs with these policies. Exit codes: 0 kept; 3 broken; 1 error.",
    ),
  );
  return judge;
}

const judge = inWorkspace<ConfigFlags>([], async ({ config, ledger }, { output, interrupts }) => {
  const options = await policiesOf(config);
  if (!options || options.policies.length === 0)
    throw new CommandError(
      "config",
      told("The config has no policies. Add some, for example requireCoverage of oplead-sdk/coverage."),
    );
  const judged = await judgePolicies({ ...options, ledger, signal: interrupts.signal });
  const { users, unknown, refusals, warnings } = judged;
  warnOfUnknown(unknown, output);
  const lines = [...refusals, ...warnings].map(messageOf);
  const summary = say("{users}. Policies: {policies}, broken: {broken}.", {
    users: counted(users, "user"),
    policies: options.policies.length,
    broken: new Set(refusals.map(({ parameters }) => parameters.policy)).size,
  });
  output.result([...lines, summary].join("\n"), judged);
  return refusals.length > 0 ? EXIT.guard : EXIT.success;
});
