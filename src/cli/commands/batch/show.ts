import type { Command } from "commander";
import { planLines } from "oplead-sdk/sync";
import type { Action } from "../../command.ts";
import { EXIT, withReport } from "../../exit.ts";
import { pageOfPlan } from "../../run/plan-page.ts";
import { readPlanFile } from "../../run/saved-file.ts";
import { HTML, type OutputFlags, outputFlags } from "../../shell/flags.ts";
import { writePrivateFile } from "../../shell/write-file.ts";
import { languageName, phrase, say } from "../../texts/say.ts";

interface ShowFlags extends OutputFlags {
  readonly all?: boolean;
  readonly html?: string;
}

export function define(command: Command): Action {
  command.argument("<file>", say("a plan that was saved by: oplead plan --out"));
  outputFlags(command)
    .option("--all", say("show every row, and each change by itself"))
    .option("--html <file>", phrase(HTML));
  return show;
}

const show: Action<ShowFlags> = async ({ output }, [file = ""], { all, html }) => {
  const plan = readPlanFile(file);
  const language = languageName();
  if (html !== undefined) {
    const page = await pageOfPlan(plan, { file });
    withReport(html, () => writePrivateFile(html, page));
  }
  output.result(planLines(plan, { all, language }), plan);
  return EXIT.success;
};
