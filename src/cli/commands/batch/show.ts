import type { Command } from "commander";
import { renderPlan } from "oplead-sdk/sync";
import type { Action } from "../../command.ts";
import { EXIT } from "../../exit.ts";
import { readPlanFile } from "../../run/saved-file.ts";
import { outputFlags } from "../../shell/flags.ts";

export function define(command: Command): Action {
  command.argument("<file>", "a plan that was saved by: oplead plan --out");
  outputFlags(command);
  return show;
}

const show: Action = async ({ output }, [file = ""]) => {
  const plan = readPlanFile(file);
  output.result(renderPlan(plan, "text"), plan);
  return EXIT.success;
};
