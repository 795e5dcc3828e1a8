import * as CONFIG from "../../locales/en/config.ts";
import * as CORE from "../../locales/en/core.ts";
import * as COVERAGE from "../../locales/en/coverage.ts";
import * as FINDINGS from "../../locales/en/findings.ts";
import * as REPORT from "../../locales/en/report.ts";
import * as SYNC from "../../locales/en/sync.ts";
import { messageOf } from "../say.ts";

// Stands for a text, a number and a list: only the compiler knows the types of parameters.
const ANY = Object.assign([new String("…")], { valueOf: () => Number.NaN, toString: () => "…" });

const PARAMETERS: object = new Proxy({}, { get: () => ANY });

// What a code of a file or screen says, with … for its parameters.
export function meaningOf(code: string): string | undefined {
  const tables: readonly unknown[] = [SYNC, REPORT, FINDINGS, COVERAGE, CONFIG, CORE].flatMap(Object.values);
  const texts = tables.find((one): one is Readonly<Record<string, unknown>> => {
    return typeof one === "object" && one !== null && Object.hasOwn(one, code);
  });
  const text = texts?.[code];
  if (typeof text !== "function") return undefined;
  try {
    const message = String(text(PARAMETERS));
    return messageOf({ code, parameters: PARAMETERS, message }).replaceAll("NaN", "…");
  } catch {
    return code; // A text with a date.
  }
}
