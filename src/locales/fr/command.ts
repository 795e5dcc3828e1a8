import type { TextsLike } from "../coded.ts";
import type { COMMAND } from "../en/command.ts";
import { COMMAND_COVERAGE_FR } from "./command-coverage.ts";
import { COMMAND_DOCTOR_FR } from "./command-doctor.ts";
import { COMMAND_HELP_FR } from "./command-help.ts";
import { COMMAND_HISTORY_FR } from "./command-history.ts";
import { COMMAND_RUN_FR } from "./command-run.ts";
import { COMMAND_SAID_FR } from "./command-said.ts";
import { COMMAND_SETUP_FR } from "./command-setup.ts";
import { COMMAND_WORDS_FR } from "./command-words.ts";

/** Everything that the command itself says, by code, in French. */
export const COMMAND_FR: TextsLike<typeof COMMAND> = {
  ...COMMAND_HELP_FR,
  ...COMMAND_SAID_FR,
  ...COMMAND_RUN_FR,
  ...COMMAND_HISTORY_FR,
  ...COMMAND_SETUP_FR,
  ...COMMAND_COVERAGE_FR,
  ...COMMAND_DOCTOR_FR,
  ...COMMAND_WORDS_FR,
};
