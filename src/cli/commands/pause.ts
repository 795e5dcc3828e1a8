import type { Command } from "commander";
import { pauseRuns, type RunsPause } from "oplead-sdk/sync";
import { localTime } from "../../locales/local-time.ts";
import type { Action } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { operator } from "../run/trace.ts";
import { type ConfigFlags, configFlags, helpNote } from "../shell/flags.ts";
import { timeIn } from "../shell/time-in.ts";
import { say, told } from "../texts/say.ts";
import { inWorkspace } from "../workspace/workspace.ts";

interface PauseFlags extends ConfigFlags {
  readonly until?: Date;
  readonly reason?: string;
  readonly off?: boolean;
}

export function define(command: Command): Action<PauseFlags> {
  configFlags(command)
    .option("--until <time>", say("pause_until"), timeIn)
    .option("--reason <text>", say("pause_reason"))
    .option("--off", say("pause_off"));
  helpNote(command, say("pause_notes"));
  return pause;
}

const pause = inWorkspace<PauseFlags>(
  [],
  async ({ ledger }, { output }, _args, { until, reason, off = false }) => {
    if (off === (until !== undefined) || (off && reason !== undefined)) {
      const message = told("pause_needs_time");
      throw new CommandError("usage", message);
    }
    if (until === undefined) {
      const ended = await pauseRuns(ledger, false);
      const text = ended ? say("pause_over", { pause: pauseText(ended) }) : say("not_paused");
      output.result(text, { ended });
      return EXIT.success;
    }
    const by = operator();
    const replaced = await pauseRuns(ledger, { until, by, ...(reason !== undefined && { reason }) });
    const lines = [
      say("paused_until", {
        until: localTime(until.getTime(), false),
        time: until.getTime() - Date.now(),
      }),
      ...(replaced ? [say("pause_replaces", { pause: pauseText(replaced) })] : []),
      say("pause_end_sooner"),
    ];
    output.result(lines.join("\n"), { by, until: until.toISOString(), reason, replaced });
    return EXIT.success;
  },
  { usesLedger: "notes" },
);

/** Until when, who, since when, and why. */
export function pauseText({ by, since, until, reason }: RunsPause): string {
  const when = { by, since: localTime(since, false), until: localTime(until, false) };
  return reason === undefined ? say("pause_terms", when) : say("pause_terms_with_reason", { ...when, reason });
}
