import type { Command } from "commander";
import { pauseRuns, type RunsPause } from "oplead-sdk/sync";
import { localTime } from "../../locales/grammar.ts";
import type { Action } from "../command.ts";
import { CommandError, EXIT } from "../exit.ts";
import { operator } from "../run/trace.ts";
import { say, told } from "../say.ts";
import { type ConfigFlags, configFlags, helpNote, WrongValue } from "../shell/program.ts";
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
    const by = reason === undefined ? operator() : `${operator()} (${reason})`;
    const replaced = await pauseRuns(ledger, { until, by });
    const lines = [
      say("paused_until", {
        until: localTime(until.getTime(), false),
        // Rounded up, or `2d` would be shown as 47 h 59 min.
        time: Math.ceil((until.getTime() - Date.now()) / 60_000) * 60_000,
      }),
      ...(replaced ? [say("pause_replaces", { pause: pauseText(replaced) })] : []),
      say("pause_end_sooner"),
    ];
    output.result(lines.join("\n"), { by, until: until.toISOString(), replaced });
    return EXIT.success;
  },
  { usesLedger: "notes" },
);

export function pauseText({ by, since, until }: RunsPause): string {
  return say("pause_terms", { by, since: localTime(since, false), until: localTime(until, false) });
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export function timeIn(text: string, _before?: unknown, now = Date.now()): Date {
  const time = lengthIn(text.trim(), now) ?? dateIn(text.trim());
  if (time !== undefined) return new Date(time);
  throw new WrongValue(told("time_expected"));
}

function lengthIn(text: string, now: number): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  return amount === undefined ? undefined : now + Number(amount) * UNITS[unit as keyof typeof UNITS];
}

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/;
const ZONED = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;

function dateIn(text: string): number | undefined {
  const zoned = ZONED.exec(text);
  const found = zoned ?? LOCAL.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  // `Date` takes 31 February as 2 March.
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59) return undefined;
  const time = zoned ? Date.parse(text) : new Date(year, month - 1, day, hour, minute, second).getTime();
  return Number.isFinite(time) ? time : undefined;
}
