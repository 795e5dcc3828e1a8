import { appendFileSync } from "node:fs";
import { errorCode } from "../../base/error-code.ts";
import type { Output } from "../shell/output.ts";
import { say } from "../texts/say.ts";

/** In GitHub Actions: outputs for the steps that follow, and the job's summary. Elsewhere: nothing. */
export function tellGitHub(
  output: Output,
  values: Readonly<Record<string, string | number | boolean>>,
  markdown: () => string,
): void {
  const { GITHUB_ACTIONS, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_ACTIONS !== "true") return;
  try {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, lines.join(""));
    if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${markdown()}\n`);
  } catch (error) {
    output.warn(say("github_not_written", { code: String(errorCode(error)) }));
  }
}
