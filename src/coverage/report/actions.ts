import type { AnyCoded } from "../../locales/coded.ts";
import type { Suggestion } from "../suggest/types.ts";
import type { CoverageResult } from "../types.ts";
import type { CoverageWords } from "./words.ts";

/** A change that matters, and where the page says more of it. */
interface ToDo {
  readonly text: string;
  readonly to: string;
}

/** The three things to do first: from suggestions, and from gaps and other findings. */
export function actionsOf(
  { findings }: CoverageResult,
  suggestions: readonly Suggestion[],
  words: CoverageWords,
): readonly ToDo[] {
  const at =
    (to: string) =>
    (told: AnyCoded): ToDo => ({ text: words.told(told), to });
  const found = findings.filter(
    ({ kind, certain }) => certain && ["gap", "dead", "unreachable", "thin"].includes(kind),
  );
  const lists = [[...suggestions].map(at("actions-title")), found.map(at("findings-title"))];
  // One of each, then the next of each.
  return [0, 1, 2].flatMap((round) => lists.flatMap((list) => list[round] ?? [])).slice(0, 3);
}
