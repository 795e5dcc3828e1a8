import type { Texts } from "./overview/texts.ts";
import type { TextLine } from "./types/records.ts";
import type { ProblemCsvOptions } from "./types/report.ts";

// Texts are loaded when asked for, so a process or bundle that shows nothing to people does not load them.
export function textMethods<Options>(load: () => Promise<Texts<Options>>) {
  return {
    toText: async (options?: Options): Promise<string> => (await load()).toText(options),
    toMarkdown: async (options?: Options): Promise<string> => (await load()).toMarkdown(options),
    toLines: async (options?: Options): Promise<readonly TextLine[]> => (await load()).toLines(options),
    problemCsv: async (options?: ProblemCsvOptions): Promise<string> => (await load()).problemCsv(options),
  };
}
