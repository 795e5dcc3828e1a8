import { readFileSync } from "node:fs";

/** The rows of the table in the docstring of `OpleadErrorCode`: code, meaning, whether something was sent. */
export function readErrorRows(errorsPath: string): readonly (readonly [code: string, meaning: string, sent: string])[] {
  const source = readFileSync(errorsPath, "utf8");
  const rows = [...source.matchAll(/^ \* \| `(\w+)` \| (.*) \| (.*) \|$/gm)].map(
    ([, code = "", meaning = "", sent = ""]) => {
      const text = meaning.replace(/\{@link (?:[\w.]*\.)?(\w+)\}/g, "`$1`");
      return [code, text, sent] as const;
    },
  );
  if (rows.length < 5) throw new Error(`${errorsPath} has no table of error codes in a docstring.`);
  return rows;
}

/** The table of error codes. */
export function errorsPage(rows: ReturnType<typeof readErrorRows>): string {
  return [
    "# Errors",
    "",
    "This page lists every `code` of an `OpleadError`, with the place of its remedy. The table is made from the source.",
    "",
    "Every failure of the package is an `OpleadError`. `error.retryable` says whether the same call can succeed later; `error.docs` leads to the section of the [runbook](../operate/runbook.md).",
    "",
    "| code | meaning | sent to Oplead? |",
    "| --- | --- | --- |",
    ...rows.map(([code, meaning, sent]) => `| [\`${code}\`](../operate/runbook.md#${code}) | ${meaning} | ${sent} |`),
    "",
    "What an error has, where it exists: `status`, `requestId`, `operation`, `attempts`, `retryAfterMs`, `testMode`, `issues`, `id`, `rules`, `cause`, and `body`, " +
      "which is what Oplead answered. `body` may hold personal data, so printing, logging and serialising an error leave it out.",
    "",
    "Next: the [runbook](../operate/runbook.md) has cause, check and remedy of each code.",
    "",
  ].join("\n");
}
