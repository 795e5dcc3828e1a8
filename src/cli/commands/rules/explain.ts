import type { Command } from "commander";
import { explainLead, explanationText, type Lead } from "oplead-sdk/coverage";
import type { Action } from "../../command.ts";
import { geography, isUnknownZip } from "../../coverage/geography.ts";
import { settingsOf } from "../../coverage/policies.ts";
import { EXIT } from "../../exit.ts";
import { type ConfigFlags, configFlags, helpNote, numberIn } from "../../shell/flags.ts";
import { languageName, say } from "../../texts/say.ts";
import { readUsers, uniqueUsers } from "../../workspace/read-users.ts";
import { inWorkspace } from "../../workspace/workspace.ts";

interface ExplainFlags extends ConfigFlags, Omit<Lead, "zipCode" | "coordinates"> {
  readonly zip?: string;
  readonly nearMisses: number;
}

export function define(command: Command): Action {
  configFlags(command)
    .option("--zip <code>", say("explain_postcode"))
    .option("--country <code>", say("explain_country"), "FR")
    .option("--range <code>", say("explain_range"))
    .option("--request-type <code>", say("explain_request_type"))
    .option("--contact-profile <code>", say("explain_contact_profile"))
    .option("--profile-type <code>", ["pro", "single"].join(say("or")))
    .option("--near-misses <number>", say("explain_limit"), numberIn(0, 1e6), 5);
  helpNote(command, say("explain_notes"));
  return explain;
}

const explain = inWorkspace<ExplainFlags>(
  ["source", "map"],
  async (workspace, context, _args, flags) => {
    const users = uniqueUsers((await readUsers(workspace, context)).users);
    const { country, zip: zipCode, range, requestType, contactProfile, profileType, nearMisses } = flags;
    const lead: Lead = { country, zipCode, range, requestType, contactProfile, profileType };
    const places = await geography(workspace, context, users);
    const isUnknown = zipCode !== undefined && isUnknownZip(places, country, zipCode);
    const explanation = await explainLead(lead, users, {
      ...places,
      assumptions: settingsOf(workspace.config).assumptions,
    });
    const text = explanationText(explanation, { nearMisses, language: languageName() });
    const hint = isUnknown ? say("lead_without_place", { code: zipCode, country }) : "";
    context.output.result(hint + text, { ...explanation, zipCodeIsUnknown: isUnknown });
    return EXIT.success;
  },
  { usesLedger: false },
);
