import type { Command } from "commander";
import type { Action } from "../command.ts";
import type { Check } from "../doctor/check.ts";
import { runChecks } from "../doctor/checks.ts";
import { EXIT } from "../exit.ts";
import { type ConfigFlags, configFlags, helpNote } from "../shell/flags.ts";
import { answerText, inEnglish, say } from "../texts/say.ts";

interface DoctorFlags extends ConfigFlags {
  readonly notify?: boolean;
}

export function define(command: Command): Action {
  configFlags(command).option("--notify", say("doctor_notify"));
  helpNote(command, say("doctor_notes"));
  return doctor;
}

const MARKS: Readonly<Record<Check["state"], string>> = { ok: "✓", warning: "!", broken: "✗", skipped: "·" };

const doctor: Action<DoctorFlags> = async (context, _args, flags) => {
  const checks = await runChecks(context, flags);
  const lines = checks.flatMap((check) => {
    const { message, fix } = answerText(check);
    const line = say("name_and_what", { name: check.about, what: message });
    return [`${MARKS[check.state]} ${line}`, ...(fix === undefined ? [] : [`    ${fix}`])];
  });
  const broken = checks.filter(({ state }) => state === "broken").length;
  const summary = broken === 0 ? say("nothing_broken") : say("checks_failed", { checks: broken });
  context.output.result([...lines, "", summary].join("\n"), {
    broken,
    checks: checks.map(({ about, ...check }) => ({ name: inEnglish(about), ...check })),
  });
  return broken === 0 ? EXIT.success : EXIT.error;
};
