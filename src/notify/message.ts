import { localTime } from "../locales/local-time.ts";
import type { Night } from "./night.ts";
import type { AlertMessage, NotifyOptions } from "./options.ts";
import { ALERT_TEXTS } from "./texts.ts";

/** The command that says more about a night. */
const COMMANDS: Readonly<Record<AlertMessage["night"], string>> = {
  refused: "npx oplead plan",
  stopped: "npx oplead doctor",
  failed: "npx oplead doctor",
  rows: "npx oplead history",
  paused: "npx oplead status",
  sample: "npx oplead doctor",
};

interface TellableNight extends Pick<AlertMessage, "state" | "night" | "since" | "reasons"> {
  readonly until?: string | undefined;
}

/** The message about a night. `runId`: its run, if it has one. */
export function messageOf(told: TellableNight, options: NotifyOptions, runId?: Night["runId"]): AlertMessage {
  const { name, language = "en", target } = options;
  const alerts = ALERT_TEXTS[language];
  const { state, night, since, until, reasons } = told;
  const command = [
    COMMANDS[night],
    ...(night === "rows" && runId !== undefined ? [runId] : []),
    ...(target === undefined ? [] : ["--target", target]),
  ].join(" ");
  const title = alerts.titled({ name: name ? `Oplead ${name}` : "Oplead", title: alerts[`title_${night}`](), state });
  const times = { since: localTime(since, false), until: until === undefined ? undefined : localTime(until, false) };
  const lines = reasons.map(({ message }) => message);
  const text = {
    begun: [...lines, alerts.times(times), alerts.more_by({ command })],
    continues: [...lines, alerts.times(times), alerts.more_by({ command })],
    over: [alerts.times(times), alerts.why_over(), ...lines],
    sample: [alerts.sample()],
  }[state].join("\n");
  return { version: 1, state, night, name, since, until, reasons, title, text, command };
}
