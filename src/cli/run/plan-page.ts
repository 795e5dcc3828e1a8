import { type ApprovalCommandOptions, approvalCommand, type ReadPlan, type SyncPlan } from "oplead-sdk/sync";
import { languageName } from "../texts/say.ts";

/** The page of a plan, in the language of the process. The table of postcodes is loaded for the map of a plan that has something on it. */
export async function pageOfPlan(
  plan: SyncPlan | ReadPlan,
  { reveal, ...named }: ApprovalCommandOptions & { readonly reveal?: boolean | undefined },
): Promise<string> {
  const hasMap = plan.areas !== undefined || [...plan.refusals, ...plan.warnings].some(({ code }) => code === "policy");
  const { locate } = hasMap ? await import("oplead-sdk/coverage/france") : {};
  return plan.toHtml({ language: languageName(), command: approvalCommand(plan, named), locate, reveal });
}
