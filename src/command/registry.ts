import { COMMAND } from "../locales/en/command.ts";
import type { CommandModule } from "./command.ts";
import type { PlainCode } from "./say.ts";

export interface CommandEntry {
  readonly name: string;
  /** The heading under which the help lists the command. */
  readonly group: PlainCode;
  readonly summary: PlainCode;
  readonly load: () => Promise<CommandModule>;
}

/** Every command, in the order in which the help lists them, which is the order of the texts in the locales. */
export const COMMANDS: readonly CommandEntry[] = [
  ...commandsOf("group_start", COMMAND.start),
  ...commandsOf("group_runs", COMMAND.runs),
  ...commandsOf("group_rules", COMMAND.rules),
  ...commandsOf("group_live", COMMAND.live),
];

/**
 * The commands of a group. Each command has a text with its summary, and a file that is named after it and loaded when
 * the command is called.
 */
function commandsOf<Summary extends PlainCode & `${string}_summary`>(
  group: PlainCode,
  summaries: Readonly<Record<Summary, () => string>>,
): CommandEntry[] {
  return (Object.keys(summaries) as Summary[]).map((summary) => {
    const name = summary.replace(/_summary$/, "");
    return { name, group, summary, load: () => import(`./commands/${name}.ts`) };
  });
}

/** The names of commands that no longer exist. For each, the text `instead_of_…` names the command that replaces it. */
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

/** The text about the command that replaces one that no longer exists; undefined for any other word. */
export function successorOf(name: string): PlainCode | undefined {
  const gone = GONE.find((one) => one === name);
  return gone && `instead_of_${gone}`;
}
