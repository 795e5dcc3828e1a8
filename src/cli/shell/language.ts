import { CommandError } from "../exit.ts";
import { type LanguageName, told } from "../texts/say.ts";

const FLAG = "--language";

/** The language that arguments and environment ask for, and the arguments without it. */
export function chooseLanguage(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): { readonly language: LanguageName; readonly argv: readonly string[] } {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const rest = [...argv];
  let asked: string | undefined;
  for (let at = end - 1; at >= 0; at -= 1) {
    const word = argv[at] ?? "";
    const isPair = word === FLAG && at + 1 < end;
    if (!isPair && !word.startsWith(`${FLAG}=`)) continue;
    asked ??= isPair ? argv[at + 1] : word.slice(FLAG.length + 1);
    rest.splice(at, isPair ? 2 : 1);
  }
  asked ??= environment.OPLEAD_LANGUAGE || undefined;
  if (asked === undefined) return { language: ofLocale(environment), argv: rest };
  const language = asked.toLowerCase();
  if (language !== "en" && language !== "fr") {
    throw new CommandError("usage", told("no_such_language", { language: asked }));
  }
  return { language, argv: rest };
}

/** By POSIX the first of the three that is not empty names the language of messages: `fr_FR.UTF-8`. Others than French have English. */
function ofLocale({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): LanguageName {
  return /^fr(?:[_.@-]|$)/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? "fr" : "en";
}
