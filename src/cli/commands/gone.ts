import type { Text } from "../texts/fr/texts.ts";

/** Words that were commands, and what answers their question. */
const GONE: Readonly<Record<string, Text>> = {
  undo: "npx oplead sync --source FILE sends what an earlier export says; npx oplead pause --until TIME keeps the runs until then from sending",
  show: "npx oplead plan FILE, which shows a saved plan",
  diff: "npx oplead plan --only ACCOUNT --all, which shows what would be sent for one user",
  verify: "npx oplead sync --test, which lets Oplead check the plan in test mode",
  support: "npx oplead why ACCOUNT --support, which prints the text for Oplead Care",
  rules: "npx oplead coverage --online, which also compares the rules of all users with the platform",
  policies: "npx oplead coverage, which also judges the policies of the config",
  audit: "npx oplead ledger forget ACCOUNT, which forgets a user in the audit as well",
  notify: "npx oplead doctor --notify, which sends a sample alert to each target",
  queue: "npx oplead worker status and npx oplead worker retry-failed",
  rate: "npx oplead worker reset-rate, which ends a pause of the shared rate",
};

/** What answers instead of a command that is gone; undefined for any other word. */
export function successorOf(name: string): Text | undefined {
  return Object.hasOwn(GONE, name) ? GONE[name] : undefined;
}
