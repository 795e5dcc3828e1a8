import { boolean, func, oneOf, options, optionsCheck, text, valueThat, withMethods } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellValue } from "../locales/en/core.ts";
import type { Refusal, refusalIn } from "./overview/refusal.ts";
import type { Texts } from "./overview/texts.ts";
import type { TextLine } from "./types/records.ts";
import type { ExplainOptions, RenderAs, RenderOptions, SyncReport } from "./types/report.ts";

const LINES = Symbol("lines");

interface Rendered extends Pick<SyncReport, "explain" | "render"> {
  [LINES](given?: RenderOptions): Promise<readonly TextLine[]>;
}

const checkRender = /* @__PURE__ */ optionsCheck<RenderOptions & { readonly as: RenderAs }>("render", () =>
  options(
    {
      language: oneOf("en", "fr"),
      all: boolean(),
      leaverNotes: withMethods(["get"], tellValue("not_map")),
      labels: valueThat((value) => value instanceof Map, tellValue("not_map")),
      segments: valueThat((value) => value instanceof Map, tellValue("not_map")),
      command: text(),
      locate: func(),
      reveal: boolean(),
    },
    { as: oneOf("text", "markdown", "html", "csv") },
  ),
);

const checkExplain = /* @__PURE__ */ optionsCheck<ExplainOptions>("explain", () =>
  options({
    language: oneOf("en", "fr"),
    of: valueThat((value) => typeof value === "string" || Array.isArray(value), tellValue("not_list")),
  }),
);

// Texts are loaded when asked for, so a process or bundle that shows nothing to people does not load them.
export function renderMethods(
  load: () => Promise<Texts>,
  page: (options: RenderOptions) => Promise<string>,
): Pick<SyncReport, "explain" | "render"> {
  const methods: Rendered = {
    explain: async (given = {}) => {
      checkExplain(given);
      return (await load()).explain(given);
    },
    render: async (as, given = {}) => {
      // A value that is no object is refused as it is.
      checkRender(isObject(given) ? { ...given, as } : (given as never));
      return as === "html" ? page(given) : (await load()).render(as, given);
    },
    [LINES]: async (given) => (await load()).lines(given),
  };
  return methods;
}

export async function refusalOf(...of: Parameters<typeof refusalIn>): Promise<Refusal> {
  return (await import("./overview/refusal.ts")).refusalIn(...of);
}

// The text of a plan or report with the tone of its lines, for a terminal.
export function linesOf(one: object, given?: RenderOptions): Promise<readonly TextLine[]> {
  return (one as Rendered)[LINES](given);
}
