import type { TextsLike } from "../coded.ts";
import type { COMMAND } from "../en/command.ts";
import { COMMAND_COVERAGE_FR } from "./command-coverage.ts";
import {
  COMMAND_HELP_FR,
  LIVE_COMMANDS_FR,
  RULE_COMMANDS_FR,
  RUN_COMMANDS_FR,
  START_COMMANDS_FR,
} from "./command-help.ts";
import { COMMAND_HISTORY_FR } from "./command-history.ts";
import { COMMAND_RUN_FR } from "./command-run.ts";
import { COMMAND_SAID_FR } from "./command-said.ts";
import { COMMAND_SETUP_FR } from "./command-setup.ts";
import { COMMAND_WORDS_FR } from "./command-words.ts";
import { LEAD_LABELS_FR } from "./rules.ts";

export const COMMAND_FR: { readonly [Theme in keyof typeof COMMAND]: TextsLike<(typeof COMMAND)[Theme]> } = {
  start: START_COMMANDS_FR,
  runs: RUN_COMMANDS_FR,
  rules: RULE_COMMANDS_FR,
  live: LIVE_COMMANDS_FR,
  help: COMMAND_HELP_FR,
  said: COMMAND_SAID_FR,
  run: COMMAND_RUN_FR,
  history: COMMAND_HISTORY_FR,
  setup: COMMAND_SETUP_FR,
  coverage: COMMAND_COVERAGE_FR,
  words: COMMAND_WORDS_FR,
  leads: LEAD_LABELS_FR,
};
