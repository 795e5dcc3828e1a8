import { readFileSync } from "node:fs";
import type { SavedPlan } from "oplead-sdk/sync";
import { errorCode } from "../../base/error-code.ts";
import { CommandError } from "../exit.ts";

/** Which users are sent. */
export interface Selection {
  /** Also those of which Oplead has everything according to the ledger. */
  readonly resend?: boolean | undefined;
  readonly only?: readonly string[] | undefined;
  readonly limit?: number | undefined;
}

/** What `plan --out` writes. */
export interface SavedFile extends SavedPlan {
  readonly selection?: Selection;
}

export function readSavedPlan(file: string): SavedFile {
  const problem = (message: string) => new CommandError("plan_file", message);
  const advice = `Save one with: oplead plan --out ${file}`;
  let plan: Partial<SavedFile> | undefined;
  try {
    plan = JSON.parse(readFileSync(file, "utf8").replace(/^\ufeff/, "")) as Partial<SavedFile>;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw problem(`${file} is not a plan: it is not JSON. ${advice}`);
    throw problem(code === "ENOENT" ? `There is no plan ${file}.` : `The plan ${file} cannot be read (${code}).`);
  }
  if (typeof plan?.hash !== "string" || !Array.isArray(plan.changes) || plan.version !== 1) {
    throw problem(`${file} is not a plan of this version. ${advice}`);
  }
  return plan as SavedFile;
}
