import type { TextsLike } from "../../coded.ts";
import type { LEADS_CHECKED } from "../../en/coverage/leads.ts";
import { counted, listed, number } from "../words.ts";

export const LEADS_CHECKED_FR: TextsLike<typeof LEADS_CHECKED> = {
  leads_against_rules: ({ user, leads, of, rules }) =>
    `${user} a reçu ${number(leads)} de ses ${counted(of, "lead")} contre ses règles (${listed(rules)})`,
};
