import type { Command } from "commander";
import { planLines } from "oplead-sdk/sync";
import type { Action } from "../../command.ts";
import { EXIT } from "../../exit.ts";
import { readPlanFile } from "../../run/saved-file.ts";
import { type OutputFlags, outputFlags } from "../../shell/flags.ts";
import { languageName, say } from "../../texts/say.ts";

interface ShowFlags extends OutputFlags {
  readonly all?: boolean;
}

export function define(command: Command): Action {
  command.argument("<file>", say("a plan that was saved by: oplead plan --out"));
  outputFlags(command).option("--all", say("show every row, and each change by itself"));
  return show;
}

const show: Action<ShowFlags> = async ({ output }, [file = ""], { all }) => {
  const plan = readPlanFile(file);
  output.result(planLines(plan, { all, language: languageName() }), plan);
  return EXIT.success;
};
