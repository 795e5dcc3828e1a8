import type { TextsLike } from "../coded.ts";
import type { COMMAND_COVERAGE } from "../en/command-coverage.ts";
import { counted, french, listed, number } from "./words.ts";

export const COMMAND_COVERAGE_FR: TextsLike<typeof COMMAND_COVERAGE> = /* @__PURE__ */ french<typeof COMMAND_COVERAGE>({
  no_account_number: () => "(sans numéro de compte)",
  row: ({ row }) => `ligne ${row}`,
  map_failed: () => "map a échoué",
  left_out: ({ count }) =>
    `Laissés de côté, car l’enregistrement n’est pas valide et n’est pas envoyé (${number(count)})`,
  or: () => " ou ",
  lead_without_place: ({ code, country }) =>
    `${code} n’est pas un code postal connu de ${country} : le lead n’a pas de lieu.\n\n`,
  flag_without_other: ({ flag, other }) => `${flag} ne fait rien sans ${other}.`,
  suggestions: ({ count }) => `Propositions, chacune après les précédentes (${number(count)})`,
  no_suggestion: () => "Aucun changement de règle dans les limites ne comble de trou.",
  policies_judged: ({ policies, broken }) =>
    `Règles de couverture : ${number(policies)}, dont ${counted(broken, "enfreinte")}.`,
  policy_failed: ({ policy, error }) => `La règle de couverture ${policy} a échoué : ${error}.`,
  only_france_known: ({ countries }) =>
    `Les règles nomment ${countries}, et seule la France est connue ici : --online lit les pays dans Oplead.`,
  coverage_counts: ({ users, findings }) => `${counted(users, "utilisateur")}, ${counted(findings, "constat")}.`,
  perhaps_label: () => "peut-être : ",
  assumptions: ({ names }) => `Hypothèses : ${names}`,
  leads_without_postcodes: ({ file }) =>
    `${file} : aucune colonne n’a les codes postaux des leads. Nommez-la « Code postal » ou zipCode.`,
  leads_ignored_columns: ({ file, fields }) => `${file} : colonnes ignorées : ${listed(fields)}.`,
  leads_left_out: ({ file, rows }) => `${file} : ${counted(rows, "ligne laissée", "lignes laissées")} de côté :`,
  leads_unknown_places: ({ file, leads, rows }) =>
    `${file} : ${counted(leads, "lead")} sans lieu connu, lignes ${rows}.`,
  row_list: ({ rows }) => listed(rows),
  leads_read: ({ leads, file }) => `Leads : ${counted(leads, "lead")} dans ${file}`,
  leads_none: () => "  Il n’y a rien à comparer.",
  hypotheses_title: () =>
    "Chaque jeu d’hypothèses, le meilleur d’abord : peu de leads inexpliqués, et peu d’utilisateurs se partagent les autres",
  hypothesis_score: ({ explained, leads, undecided, sharing }) =>
    `${number(explained)} sur ${number(leads)} expliqués, ${number(undecided)} indécis, utilisateurs pour chacun : ${sharing}`,
  as_assumed: () => "les hypothèses actuelles",
  without_rules: ({ rules }) => `(sans ${listed(rules)})`,
  leads_unexplained: ({ count }) => `Non expliqués par le premier jeu d’hypothèses, par utilisateur (${number(count)})`,
  leads_unknown_users: ({ users }) => `Numéros de compte qu’aucun utilisateur n’a : ${listed(users)}`,
  and_more: ({ more }) => `et ${number(more)} de plus`,
  hypothesis_config: () => "Si le premier jeu vous convient, écrivez-le dans oplead.config, et comparez de nouveau :",
});
