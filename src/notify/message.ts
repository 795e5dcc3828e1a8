import { showIdentity } from "../base/redact.ts";
import { ALERT_ADVICE, ALERT_TITLES, ALERT_WORDS, ALERTS } from "../base/texts/en/alerts.ts";
import { ALERT_ADVICE_FR, ALERT_TITLES_FR, ALERT_WORDS_FR, ALERTS_FR } from "../base/texts/fr/alerts.ts";
import type { Found } from "./find-incidents.ts";
import type { AlertMessage, NotifyOptions } from "./options.ts";
import type { Incident } from "./state.ts";

const LANGUAGES = {
  en: { titles: ALERT_TITLES, alerts: ALERTS, remedies: ALERT_ADVICE, words: ALERT_WORDS },
  fr: { titles: ALERT_TITLES_FR, alerts: ALERTS_FR, remedies: ALERT_ADVICE_FR, words: ALERT_WORDS_FR },
};

/** At most this many account numbers are named. */
const NAMED = 5;

/** The command that says more about it. */
const COMMANDS: Readonly<Record<Found["code"], string>> = {
  refused: "npx oplead plan",
  stopped: "npx oplead doctor",
  failed: "npx oplead doctor",
  new_problems: "npx oplead history",
  many_invalid: "npx oplead plan --format csv",
  user_count: "npx oplead plan",
  long_run: "npx oplead history",
  leavers_due: "npx oplead leavers",
  held_long: "npx oplead ledger list --held",
  sample: "npx oplead notify test",
};

type Told = Pick<Found, "code" | "parameters" | "accountNumbers">;
type Facts = Pick<AlertMessage, "since" | "until">;

/** The message that an incident has begun. `runId`: the run that found it. */
export function begun(
  { code, parameters, accountNumbers }: Told,
  since: string,
  options: NotifyOptions,
  runId?: string,
): AlertMessage {
  const { alerts, remedies, words } = LANGUAGES[options.language ?? "en"];
  const names = accountNumbers.slice(0, NAMED).map(showIdentity);
  const users = accountNumbers.length;
  // The parameters are those of the code, which their union cannot show.
  const message = alerts[code](parameters as never);
  const advice = remedies[code]({});
  const command = commandOf(code, options, code === "new_problems" ? runId : undefined);
  const lines = [
    message,
    words.since({ time: shown(since) }),
    ...(users === 0 ? [] : [words.users({ names, count: users })]),
    words.to_do({ advice, command }),
  ];
  const state = code === "sample" ? "sample" : "begun";
  const facts = { ...common(code, options), state, since, until: undefined, text: lines.join("\n"), advice, command };
  return { ...facts, code, parameters, message, accountNumbers: names, users } as AlertMessage;
}

/** The message that an incident is over. */
export function over({ code, since, until }: Pick<Incident, "code"> & Facts, options: NotifyOptions): AlertMessage {
  const { words } = LANGUAGES[options.language ?? "en"];
  const { title, ...facts } = common(code, options, true);
  const text = words.lasted({ since: shown(since), until: shown(until ?? since) });
  const nothing = { advice: "", accountNumbers: [], users: 0, parameters: undefined };
  const command = commandOf(code, options);
  return { ...facts, title, text, since, until, state: "over", code, message: title, command, ...nothing };
}

function common(code: Found["code"], { name, language = "en" }: NotifyOptions, isOver = false) {
  const { titles, words } = LANGUAGES[language];
  const title = isOver ? words.over({ title: titles[code]({}) }) : titles[code]({});
  return { version: 1, name, title: words.titled({ name: name ? `Oplead ${name}` : "Oplead", title }) } as const;
}

function commandOf(code: Found["code"], { target }: NotifyOptions, more?: string): string {
  return [
    COMMANDS[code],
    ...(more === undefined ? [] : [more]),
    ...(target === undefined ? [] : ["--target", target]),
  ].join(" ");
}

/** `2026-01-31 02:15 UTC`. */
function shown(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}
