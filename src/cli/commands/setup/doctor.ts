import type { Command } from "commander";
import type { Action } from "../../command.ts";
import type { Check } from "../../doctor/check.ts";
import { runChecks } from "../../doctor/checks.ts";
import { EXIT } from "../../exit.ts";
import { type ConfigFlags, configFlags, helpNote } from "../../shell/flags.ts";
import { answerText, counted, phrase, say } from "../../texts/say.ts";

interface DoctorFlags extends ConfigFlags {
  readonly notify?: boolean;
}

export function define(command: Command): Action {
  configFlags(command).option(
    "--notify",
    say("also send a sample to each target of the config's notify; a heartbeat gets one of success"),
  );
  helpNote(
    command,
    say(
      "Reads the profiles of Oplead and writes nothing.\nExit codes: 0 nothing is broken, perhaps with warnings; 1 something is broken.",
    ),
  );
  return doctor;
}

const MARKS: Readonly<Record<Check["state"], string>> = { ok: "✓", warning: "!", broken: "✗", skipped: "·" };

const doctor: Action<DoctorFlags> = async (context, _args, flags) => {
  const checks = await runChecks(context, flags);
  const lines = checks.flatMap((check) => {
    const { message, fix } = answerText(check);
    const name = check.name.replace(/^(?:Base URL|Clock|Config|Facts|Ledger|Package|Notify|Queue)/, (word) =>
      phrase(word as "Clock"),
    );
    const line = say("{name}: {what}", { name, what: message });
    return [`${MARKS[check.state]} ${line}`, ...(fix === undefined ? [] : [`    ${fix}`])];
  });
  const broken = checks.filter(({ state }) => state === "broken").length;
  const summary =
    broken === 0 ? say("Nothing is broken.") : say("{checks} failed.", { checks: counted(broken, "check") });
  context.output.result([...lines, "", summary].join("\n"), { broken, checks });
  return broken === 0 ? EXIT.success : EXIT.error;
};
