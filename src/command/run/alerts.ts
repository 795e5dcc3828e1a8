import { type NotifySettings, notifiers } from "oplead-sdk/config";
import type { FailedReport } from "oplead-sdk/sync";
import type { LoadedConfig } from "#parts";
import type { RunEnd } from "../command.ts";
import { languageName, messageOf } from "../say.ts";
import type { Output } from "../shell/output.ts";
import { afterOtherAlerts, alertsBackup } from "./notes.ts";

// Failures that send no alert: a person at a terminal caused them, and sees them there.
const TOLD_THERE: ReadonlySet<string> = new Set(["usage", "not_confirmed"]);

// An alert that cannot be sent is only a warning.
export async function sendAlerts(
  { loaded, ledger, report, files }: RunEnd,
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
  const notify = notifiers(targets, {
    language: languageName(),
    ...options,
    ledger,
    files,
    backup: alertsBackup(loaded),
  });
  const problems = await afterOtherAlerts(loaded, () => notify(ended));
  for (const problem of problems) output.warn(messageOf(problem));
}

export function notifySettings({
  config,
  target,
}: LoadedConfig): (NotifySettings & { readonly target: string | undefined }) | undefined {
  const { notify } = config;
  if (notify === undefined) return undefined;
  const settings = "targets" in notify ? notify : { targets: notify };
  return { name: target ?? config.client?.platform?.name, ...settings, target };
}
