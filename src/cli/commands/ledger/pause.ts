import type { Command } from "commander";
import { pauseRuns, type RunsPause } from "oplead-sdk/sync";
import { localTime } from "../../../locales/local-time.ts";
import type { Action } from "../../command.ts";
import { CommandError, EXIT } from "../../exit.ts";
import { operator } from "../../run/trace.ts";
import { type ConfigFlags, configFlags, helpNote } from "../../shell/flags.ts";
import { timeIn } from "../../shell/time-in.ts";
import { lasting, say, told } from "../../texts/say.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface PauseFlags extends ConfigFlags {
  readonly until?: Date;
  readonly reason?: string;
  readonly off?: boolean;
}

export function define(command: Command): Action<PauseFlags> {
  configFlags(command)
    .option("--until <time>", say("when it is over: 2d, 36h, 2026-01-31 08:00, or ISO 8601; at most 30 days"), timeIn)
    .option("--reason <text>", say("why, for those who find the runs paused"))
    .option("--off", say("end the pause now"));
  helpNote(
    command,
    say(
      "sync, apply and retry send nothing until then: they say who paused, and end with 0. A run under way ends before its next user. Webhooks and workers go on, and so does test mode. Can be given while a run is under way.",
    ),
  );
  return pause;
}

const pause = inWorkspace<PauseFlags>(
  [],
  async ({ ledger }, { output }, _args, { until, reason, off = false }) => {
    if (off === (until !== undefined) || (off && reason !== undefined)) {
      const message = told(
        "Say until when: npx oplead pause --until 2d --reason TEXT. To end a pause: npx oplead pause --off.",
      );
      throw new CommandError("usage", message);
    }
    if (until === undefined) {
      const ended = await pauseRuns(ledger, false);
      const text = ended
        ? say("The pause is over: {pause}. The next run sends again.", { pause: pauseText(ended) })
        : say("Runs are not paused.");
      output.result(text, { ended });
      return EXIT.success;
    }
    const by = operator();
    const replaced = await pauseRuns(ledger, { until, by, ...(reason !== undefined && { reason }) });
    const lines = [
      say("Runs are paused until {until}, for {time}. Webhooks and workers go on.", {
        until: localTime(until.getTime(), false),
        time: lasting(until.getTime() - Date.now()),
      }),
      ...(replaced ? [say("It replaces this pause: {pause}.", { pause: pauseText(replaced) })] : []),
      say("To end it sooner: npx oplead pause --off"),
    ];
    output.result(lines.join("\n"), { by, until: until.toISOString(), reason, replaced });
    return EXIT.success;
  },
  { usesLedger: "notes" },
);

/** Until when, who, since when, and why. */
export function pauseText({ by, since, until, reason }: RunsPause): string {
  const when = { by, since: localTime(since, false), until: localTime(until, false) };
  return reason === undefined
    ? say("until {until}, by {by} since {since}", when)
    : say("until {until}, by {by} since {since}: {reason}", { ...when, reason });
}
