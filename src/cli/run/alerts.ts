import { type LoadedConfig, type NotifySettings, notifiers } from "oplead-sdk/config";
import type { FailedReport, Ledger, SyncReport } from "oplead-sdk/sync";
import type { Output } from "../shell/output.ts";
import { languageName, messageOf } from "../texts/say.ts";

import { alertsBackup } from "./notes.ts";

export interface RunEnd {
  loaded?: LoadedConfig;
  /** Undefined if it could not be opened. */
  ledger?: Ledger;
  report?: SyncReport;
  /** Closes what is open. The ledger is needed until the alerts are sent. */
  readonly closing: (() => void | Promise<void>)[];
}

/** Somebody sits at the terminal and is told there. */
const TOLD_THERE: ReadonlySet<string> = new Set(["usage", "not_confirmed"]);

/** Tells the targets of the config how a run ended, after its report is written. What fails is a warning. */
export async function sendAlerts(
  { loaded, ledger, report }: RunEnd,
  failed: FailedReport | undefined,
  output: Output,
): Promise<void> {
  const ended = failed ?? report;
  if (!ended || !loaded || (failed && TOLD_THERE.has(failed.reason.code))) return;
  const { config } = loaded;
  const { OPLEAD_TEST_MODE } = process.env;
  if (config.client?.testMode ?? OPLEAD_TEST_MODE === "true") return;
  const settings = notifySettings(loaded);
  if (!settings) return;
  const { targets, ...options } = settings;
  const places = { ledger, backup: alertsBackup(loaded) };
  const problems = await notifiers(targets, { language: languageName(), ...options, ...places })(ended);
  for (const problem of problems) output.warn(messageOf(problem));
}

/** `notify` of a config; undefined if it has none. */
export function notifySettings({
  config,
  target,
}: LoadedConfig): (NotifySettings & { readonly target: string | undefined }) | undefined {
  const { notify } = config;
  if (notify === undefined) return undefined;
  const settings = "targets" in notify ? notify : { targets: notify };
  return { name: target ?? config.client?.platform, ...settings, target };
}
