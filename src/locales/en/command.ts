import { COMMAND_COVERAGE } from "./command-coverage.ts";
import { COMMAND_DOCTOR } from "./command-doctor.ts";
import { COMMAND_HELP } from "./command-help.ts";
import { COMMAND_HISTORY } from "./command-history.ts";
import { COMMAND_RUN } from "./command-run.ts";
import { COMMAND_SAID } from "./command-said.ts";
import { COMMAND_SETUP } from "./command-setup.ts";
import { COMMAND_WORDS } from "./command-words.ts";

/** Everything that the command itself says, by code. */
export const COMMAND = {
  ...COMMAND_HELP,
  ...COMMAND_SAID,
  ...COMMAND_RUN,
  ...COMMAND_HISTORY,
  ...COMMAND_SETUP,
  ...COMMAND_COVERAGE,
  ...COMMAND_DOCTOR,
  ...COMMAND_WORDS,
};
