import { readFileSync } from "node:fs";
import { isOpleadError } from "oplead-sdk";
import { type ReadPlan, readSavedPlan, type SyncOptions } from "oplead-sdk/sync";
import { errorCode } from "../../base/error-code.ts";
import { CommandError } from "../exit.ts";
import { type Told, told } from "../texts/say.ts";

/** Flags that say which users are sent. */
export interface Selection extends Pick<SyncOptions<unknown>, "resend" | "only" | "limit"> {
  /** Reads everything, where the config asks for changes only. */
  readonly full?: boolean | undefined;
}

/** Reads what `plan --out` wrote. */
export function readPlanFile(file: string): ReadPlan {
  const problem = (message: Told) => new CommandError("plan_file", message);
  try {
    return readSavedPlan(JSON.parse(readFileSync(file, "utf8").replace(/^\ufeff/, "")));
  } catch (error) {
    const issue = isOpleadError(error) ? error.issues?.[0] : undefined;
    if (issue) throw problem(told("plan_file_wrong", { file, problem: issue }));
    const code = errorCode(error);
    if (code === undefined) {
      throw problem(told("plan_file_not_json", { file }));
    }
    throw problem(code === "ENOENT" ? told("no_such_plan", { file }) : told("plan_unreadable", { file, code }));
  }
}
