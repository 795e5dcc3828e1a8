import { COMMAND } from "../locales/en/command.ts";
import type { CommandModule } from "./command.ts";
import type { PlainCode } from "./say.ts";

export interface CommandEntry {
  readonly name: string;
  readonly group: PlainCode;
  readonly summary: PlainCode;
  readonly load: () => Promise<CommandModule>;
}

// Commands in the order of the help, which is that of the locales.
export const COMMANDS: readonly CommandEntry[] = [
  ...commandsOf("group_start", COMMAND.start),
  ...commandsOf("group_runs", COMMAND.runs),
  ...commandsOf("group_rules", COMMAND.rules),
  ...commandsOf("group_live", COMMAND.live),
];

function commandsOf<Summary extends PlainCode & `${string}_summary`>(
  group: PlainCode,
  summaries: Readonly<Record<Summary, string>>,
): CommandEntry[] {
  return (Object.keys(summaries) as Summary[]).map((summary) => {
    const name = summary.replace(/_summary$/, "");
    return { name, group, summary, load: () => import(`./commands/${name}.ts`) };
  });
}

// Commands that no longer exist. `instead_of_…` names the successor of each.
const GONE = [
  "undo",
  "show",
  "diff",
  "verify",
  "support",
  "rules",
  "policies",
  "audit",
  "notify",
  "queue",
  "rate",
] as const;

export function successorOf(name: string): PlainCode | undefined {
  const gone = GONE.find((one) => one === name);
  return gone && `instead_of_${gone}`;
}
