import type { Command } from "commander";

/** Paragraphs below the options in a command's help, wrapped as commander wraps the rest of it. */
export function helpNote(command: Command, text: string): void {
  const width = (): number => command.configureOutput().getOutHelpWidth?.() ?? 80;
  command.addHelpText("after", () => `\n${command.createHelp().boxWrap(text, width())}`);
}
