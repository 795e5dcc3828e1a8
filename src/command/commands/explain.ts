import type { Command } from "commander";
import { explainLead, type Lead } from "oplead-sdk/coverage";
import { LEAD_LABELS } from "../../locales/en/rules.ts";
import type { Action } from "../command.ts";
import { EXIT } from "../exit.ts";
import { geography, isUnknownZip, leftOutLines, readNetwork, settingsOf } from "../run/coverage.ts";
import { languageName, say, told } from "../say.ts";
import { type ConfigFlags, configFlags, helpNote } from "../shell/program.ts";
import { inWorkspace } from "../workspace/workspace.ts";

interface ExplainFlags extends ConfigFlags, Omit<Lead, "zipCode" | "coordinates"> {
  readonly zip?: string;
}

type LeadField = keyof typeof LEAD_LABELS;

const leadFields = Object.keys(LEAD_LABELS) as readonly LeadField[]; // the keys of a record are names of its type

// Values that Oplead documents.
const VALUES: { readonly [Field in LeadField]?: readonly string[] } = { profileType: ["pro", "single"] };

export function define(command: Command): Action {
  configFlags(command)
    .option("--zip <code>", say("explain_postcode"))
    .option("--country <code>", say("explain_country"), "FR");
  for (const field of leadFields) {
    const flag = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    command.option(`--${flag} <code>`, VALUES[field]?.join(say("or")) ?? say("explain_code", { name: told(field) }));
  }
  helpNote(command, say("explain_notes"));
  return explain;
}

const explain = inWorkspace<ExplainFlags>(
  ["source", "map"],
  async (workspace, context, _args, flags) => {
    const { users, leftOut } = await readNetwork(workspace, context);
    const { country, zip: zipCode } = flags;
    const lead: Lead = { country, zipCode, ...Object.fromEntries(leadFields.map((field) => [field, flags[field]])) };
    const places = await geography(workspace, context, users);
    const isUnknown = zipCode !== undefined && isUnknownZip(places, country, zipCode);
    const { assumptions, receives } = settingsOf(workspace.config);
    const explanation = await explainLead(lead, users, { ...places, assumptions, receives });
    const { names } = workspace;
    const text = await explanation.render("text", { language: languageName(), names: names.labels });
    const hint = isUnknown ? say("lead_without_place", { code: zipCode, country }) : "";
    const lines = [hint + text, ...leftOutLines(leftOut, names)];
    context.output.result(lines.join("\n"), { ...explanation, leftOut, zipCodeIsUnknown: isUnknown });
    return EXIT.success;
  },
  { usesLedger: "notes" },
);
