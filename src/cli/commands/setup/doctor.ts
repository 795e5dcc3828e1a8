import type { Command } from "commander";
import { counted } from "../../../base/words.ts";
import type { Action } from "../../command.ts";
import type { Check } from "../../doctor/check.ts";
import { runChecks } from "../../doctor/checks.ts";
import { EXIT } from "../../exit.ts";
import { type ConfigFlags, configFlags, helpNote } from "../../shell/flags.ts";
import { say } from "../../texts/say.ts";

export function define(command: Command): Action {
  helpNote(
    configFlags(command),
    say(
      "Reads the profiles of Oplead and writes nothing.\nExit codes: 0 nothing is broken, perhaps with warnings; 1 something is broken.",
    ),
  );
  return doctor;
}

const MARKS: Readonly<Record<Check["state"], string>> = { ok: "✓", warning: "!", broken: "✗", skipped: "·" };

const doctor: Action<ConfigFlags> = async (context, _args, flags) => {
  const checks = await runChecks(context, flags);
  const lines = checks.flatMap(({ name, state, message, fix }) => {
    return [`${MARKS[state]} ${name}: ${message}`, ...(fix === undefined ? [] : [`    ${fix}`])];
  });
  const broken = checks.filter(({ state }) => state === "broken").length;
  const summary = broken === 0 ? "Nothing is broken." : `${counted(broken, "check")} failed.`;
  context.output.result([...lines, "", summary].join("\n"), { broken, checks });
  return broken === 0 ? EXIT.success : EXIT.error;
};
