import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { isOpleadError } from "oplead-sdk";
import { type ReadPlan, readSavedPlan } from "oplead-sdk/sync";
import { errorCode } from "../../core/errors.ts";
import { CommandError } from "../exit.ts";
import { type Told, told } from "../say.ts";

const OWNER_ONLY = 0o600;

// Atomic: renames a new file beside the old one, so a symbolic link in a shared folder is replaced, not followed. Keeps
// the permissions of the user's own old file.
export function writePrivateFile(file: string, text: string, mode = OWNER_ONLY): void {
  const path = resolve(file);
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before?.isFIFO() || /^\/(?:dev|proc)\//.test(path)) {
    writeFileSync(path, text);
    return;
  }
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    writeFileSync(draft, text, { mode, flag: "wx" });
    if (before?.isFile() && before.uid === process.getuid?.()) chmodSync(draft, before.mode);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

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
