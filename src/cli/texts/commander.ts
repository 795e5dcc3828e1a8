import type { Text } from "./fr/texts.ts";
import { phrase } from "./say.ts";

/** The words of commander, which gives its texts as a whole. Longer ones stand before those that they hold. */
const WORDS: readonly Text[] = [
  "Usage:",
  "Options:",
  "Arguments:",
  "Commands:",
  "Start:",
  "Runs:",
  "Rules:",
  "Webhook and queue:",
  "(choices: ",
  "(default: ",
  ", default: ",
  "unknown option '",
  "unknown command '",
  "missing required argument '",
  "too many arguments for '",
  "Expected ",
  " arguments but got ",
  " argument but got ",
  "' argument missing",
  "' argument '",
  "' is invalid.",
  "Allowed choices are ",
  "Did you mean one of ",
  "Did you mean ",
];

/** A text of commander in the language of the process. */
export function inCommandersWords(text: string): string {
  return WORDS.reduce((said, word) => said.replace(word, () => phrase(word)), text);
}
