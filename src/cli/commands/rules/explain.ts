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
    .option("--zip <code>", say("the lead's postcode"))
    .option("--country <code>", say("its country, two capital letters"), "FR")
    .option("--range <code>", say("its range"))
    .option("--request-type <code>", say("its request type"))
    .option("--contact-profile <code>", say("its contact profile"))
    .option("--profile-type <code>", ["pro", "single"].join(say(" or ")))
    .option("--near-misses <number>", say("how many users who are not eligible are shown"), numberIn(0, 1e6), 5);
  helpNote(
    command,
    say(
      "How rules combine is not documented: the answer is eligible, not eligible or uncertain, and names its assumptions.",
    ),
  );
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
    const hint = isUnknown
      ? say("{code} is not a known postcode of {country}: the lead has no place.\n\n", { code: zipCode, country })
      : "";
    context.output.result(hint + text, { ...explanation, zipCodeIsUnknown: isUnknown });
    return EXIT.success;
  },
  { usesLedger: false },
);
