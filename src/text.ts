import { isOpleadError, stepsOf } from "./core/errors.ts";
import { toldInFrench } from "./locales/fr/told.ts";

/**
 * The text of an error, an issue, a finding of the guard, a warning or another message with a code, in English or French.
 * For an error with issues, one line each; for `incomplete`, what arrived and what did not. Without personal data.
 *
 * @example
 * ```ts
 * reply.code(422).send({ title: error.code, detail: textOf(error, { language: "fr" }) })
 * ```
 */
export function textOf(
  told: { readonly code: string; readonly parameters?: unknown; readonly message: string },
  { language }: { readonly language: "en" | "fr" },
): string {
  if (language !== "fr") return told.message;
  if (!isOpleadError(told)) return toldInFrench(told);
  const { code, status, issues = [], message, result } = told;
  if (code === "incomplete" && result)
    return toldInFrench({ code: "arrived_in_part", message, parameters: stepsOf(result) });
  const { findings = [] } = told as { readonly findings?: readonly (typeof told)[] };
  const lines = [
    ...issues.map((issue) => `${issue.path} ${toldInFrench(issue)}`.trim()),
    ...findings.map((finding) => toldInFrench(finding)),
  ];
  const first = toldInFrench({ code, message });
  return [status === undefined ? first : `${first} (${status})`, ...lines.map((line) => `  - ${line}`)].join("\n");
}
