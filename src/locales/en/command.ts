import { COMMAND_COVERAGE } from "./command-coverage.ts";
import { COMMAND_HELP, LIVE_COMMANDS, RULE_COMMANDS, RUN_COMMANDS, START_COMMANDS } from "./command-help.ts";
import { COMMAND_HISTORY } from "./command-history.ts";
import { COMMAND_RUN } from "./command-run.ts";
import { COMMAND_SAID } from "./command-said.ts";
import { COMMAND_SETUP } from "./command-setup.ts";
import { COMMAND_WORDS } from "./command-words.ts";
import { LEAD_LABELS } from "./rules.ts";

/** Everything that the command itself says, by theme. They are not made one object, which would take as long as reading them. */
export const COMMAND = {
  start: START_COMMANDS,
  runs: RUN_COMMANDS,
  rules: RULE_COMMANDS,
  live: LIVE_COMMANDS,
  help: COMMAND_HELP,
  said: COMMAND_SAID,
  run: COMMAND_RUN,
  history: COMMAND_HISTORY,
  setup: COMMAND_SETUP,
  coverage: COMMAND_COVERAGE,
  words: COMMAND_WORDS,
  leads: LEAD_LABELS,
};

type Tables = typeof COMMAND;

/** Every text of the command, by its code, which only one theme has. */
export type CommandTexts = Tables["start"] &
  Tables["runs"] &
  Tables["rules"] &
  Tables["live"] &
  Tables["help"] &
  Tables["said"] &
  Tables["run"] &
  Tables["history"] &
  Tables["setup"] &
  Tables["coverage"] &
  Tables["words"] &
  Tables["leads"];
