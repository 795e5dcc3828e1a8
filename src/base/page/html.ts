import { htmlEscape } from "escape-goat";
import { jsLiteral } from "../javascript.ts";

/** Text that goes into a page as it is: everything else is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly Part[];

/** A template whose values are escaped, so that a name cannot become an element, an attribute or a script. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + render(values[index])).join(""));
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapedText(String(part));
}

/** Most texts need no escapes. */
function escapedText(text: string): string {
  return /[&"'<>]/.test(text) ? htmlEscape(text) : text;
}

/** JSON inside a script element: no text in it can end the element or begin a comment. */
export function jsonInScript(value: unknown): Html {
  return new Html(jsLiteral(value).replaceAll(">", "\\u003e").replaceAll("&", "\\u0026"));
}
