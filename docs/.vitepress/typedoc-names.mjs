import { Converter, PageEvent, ReflectionKind } from "typedoc";

const ENTRIES = {
  src: "oplead-sdk",
  "src/testing/msw": "oplead-sdk/msw",
};

/** Names each module as it is imported: `src/sync` is `oplead-sdk/sync`. Lists of names have one line for each. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = ENTRIES[module.name] ?? module.name.replace(/^src/, "oplead-sdk");
    }
  });
  app.renderer.on(PageEvent.END, (page) => {
    if (!page.url.endsWith("index.md")) return;
    page.contents = page.contents?.replace(/^(\| \[[^\]]*\]\([^)]*\) \| .*?[.!?]) [^|\n]* \|$/gm, "$1 |");
  });
}
