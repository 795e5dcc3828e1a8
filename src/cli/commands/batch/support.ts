import type { Command } from "commander";
import type { Action } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { supportText } from "../../run/notes.ts";
import { type ConfigFlags, configFlags, helpNote } from "../../shell/flags.ts";
import { say, told } from "../../texts/say.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

export function define(command: Command): Action {
  command.argument("<account>", say("the account number of a user"));
  configFlags(command);
  helpNote(command, say("For your Oplead platform administrator. The text holds no personal data and no token."));
  return support;
}

const support = inWorkspace<ConfigFlags>(
  [],
  async ({ loaded }, { output }, [account = ""]) => {
    const text = supportText(loaded, account);
    if (text === undefined) {
      const message = told("No run has noted a failure of {user}. Runs note them beside the audit file.", {
        user: account,
      });
      throw new CommandError("not_found", message);
    }
    output.result(text, { accountNumber: account, text });
    return EXIT.success;
  },
  { usesLedger: false },
);
