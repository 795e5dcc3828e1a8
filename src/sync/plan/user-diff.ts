import { showIdentity } from "../../base/redact.ts";
import { valueAt } from "../../base/validation/value-at.ts";
import { innermost } from "../../reconcile/content/compare.ts";
import { UserMarks } from "../../reconcile/content/marks.ts";
import { diffForm, diffLineForm, printable } from "../forms.ts";
import { LANGUAGES } from "../language.ts";
import { checkDiffTextOptions } from "../read-options.ts";
import type { DiffLine, UserDiff } from "../types/plan.ts";
import type { LanguageOptions } from "../types/report.ts";
import { addMethods } from "../with-methods.ts";
import type { Change } from "./judge.ts";
import type { OldValues } from "./old-values.ts";

/** The content of a change by path, and what it replaces. Values only if they are to be revealed. */
export function diffUser(
  { planned, content, open, paths, added }: Change,
  reveal: boolean,
  old: OldValues | undefined,
): UserDiff {
  const { accountNumber, kind, id, fieldsUnknown } = planned;
  const all = () => innermost(new UserMarks(content.user).paths());
  const sent = (path: string) => (id === undefined || added.has(path) ? "added" : "changed");
  const line = (path: string, change: DiffLine["change"], value: unknown): DiffLine => {
    return { path, change, ...(reveal && change !== "removed" && { value }) };
  };
  const fields: Readonly<Record<string, unknown>> = { ...content.user };
  const lines = [
    ...(paths ?? all()).map((path) => {
      const value = path in fields ? fields[path] : valueAt(fields, path);
      return line(path, value === undefined ? "removed" : sent(path), value);
    }),
    ...(fieldsUnknown && reveal ? all() : []).map((path) => line(path, "unknown", valueAt(fields, path))),
    ...open.rules.map(({ name, toSend }): DiffLine => {
      const path = `rules.${name}`;
      // Rules hold no name, so they are shown without being asked for.
      return { path, change: sent(path), value: toSend.body, ...(old?.has(path) && { was: old.get(path) }) };
    }),
  ];
  const diff = { accountNumber, kind, id, fieldsUnknown, lines };
  const show = () => {
    if (reveal) return { ...diff };
    const shown = lines.map((one) => (one.path.startsWith("rules.") ? one : printable(diffLineForm, one)));
    return { ...printable(diffForm, diff), lines: shown };
  };
  const methods = {
    toString: (options: LanguageOptions = {}) => {
      checkDiffTextOptions(options);
      return diffText(diff, options);
    },
    toJSON: show,
  };
  return addMethods(diff, methods, show);
}

function diffText(
  { accountNumber, kind, fieldsUnknown, lines }: Omit<UserDiff, "toString">,
  { language = "en" }: LanguageOptions,
): string {
  const signs = { added: "+", changed: "~", removed: "-", unknown: "?" };
  return [
    `${showIdentity(accountNumber)} (${kind})`,
    ...(fieldsUnknown ? [`  ${LANGUAGES[language].say("fields_unknown")}`] : []),
    ...lines.map((line) => {
      const values = [line.was, line.value].filter((value) => value !== undefined);
      const text = values.length === 0 ? "" : `: ${values.map((value) => JSON.stringify(value)).join(" → ")}`;
      return `  ${signs[line.change]} ${line.path}${text}`;
    }),
  ].join("\n");
}
