import { isOpleadError, type OpleadErrorCode } from "oplead-sdk";
import type { SyncPlan } from "oplead-sdk/sync";
import type { Context } from "../command.ts";
import { say } from "../texts/say.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Failures that the next night would have as well. After others there was nothing to send, so the night is a good one. */
const STAY: ReadonlySet<OpleadErrorCode> = new Set(["token_unavailable", "unauthorized", "forbidden", "aborted"]);

/**
 * Asks for the profiles where planning had no reason to: a token that is not valid any more must not wait for the first night that has something
 * to send.
 *
 * @throws {@link OpleadError} `token_unavailable`; `unauthorized`; `forbidden`; `aborted`.
 */
export async function askProfiles(
  { oplead }: Workspace,
  { changes, refusals, warnings }: SyncPlan,
  { output, interrupts }: Context,
): Promise<void> {
  const hasAsked = changes.length > 0 || warnings.some(({ code }) => code === "profiles_not_checked");
  // What a plan was refused for is the first thing to know.
  if (hasAsked || refusals.length > 0) return;
  try {
    await oplead.listUserProfiles({ signal: interrupts.signal });
  } catch (error) {
    if (!isOpleadError(error) || STAY.has(error.code)) throw error;
    output.warn(say("oplead_not_asked", { code: error.code }));
  }
}
