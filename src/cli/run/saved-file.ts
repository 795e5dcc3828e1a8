import { readFileSync } from "node:fs";
import { isOpleadError } from "oplead-sdk";
import { readSavedPlan, type SavedPlan, type SyncOptions } from "oplead-sdk/sync";
import { errorCode } from "../../base/error-code.ts";
import { CommandError } from "../exit.ts";

/** Flags that say which users are sent. */
export type Selection = Pick<SyncOptions<unknown>, "resend" | "full" | "only" | "limit"> & {
  readonly new?: readonly string[];
};

/** Reads what `plan --out` wrote. */
export function readPlanFile(file: string): SavedPlan {
  const problem = (message: string) => new CommandError("plan_file", message);
  const advice = `Save one with: oplead plan --out ${file}`;
  try {
    return readSavedPlan(JSON.parse(readFileSync(file, "utf8").replace(/^\ufeff/, "")));
  } catch (error) {
    if (isOpleadError(error)) throw problem(`${file} ${error.issues?.[0]?.message}. ${advice}`);
    const code = errorCode(error);
    if (code === undefined) throw problem(`${file} is not a plan: it is not JSON. ${advice}`);
    throw problem(code === "ENOENT" ? `There is no plan ${file}.` : `The plan ${file} cannot be read (${code}).`);
  }
}
