import type { TextsLike } from "../coded.ts";
import type { RECORDS } from "../en/records.ts";

export const RECORDS_FR: TextsLike<typeof RECORDS> = {
  map_failed: ({ error, at }) => `map a échoué : ${error}${at === undefined ? "" : ` (${at})`}`,
  map_reads_none: ({ error, at, columns }) =>
    `map a échoué pour chaque enregistrement, d'abord ${error}${at === undefined ? "" : ` (${at})`} : le fichier doit avoir ce que map lit de la source habituelle` +
    (columns.length === 0 ? "" : `. Il a ${columns.map((name) => `« ${name} »`).join(", ")}`),
  record_error: ({ message }) => message,
  leaver_rules_failed: ({ error, at }) => `leavers.rules a échoué : ${error}${at === undefined ? "" : ` (${at})`}`,
  leaver_empty_rule: () =>
    "est vide et n'est pas envoyée pour un utilisateur parti : qu'une règle vide n'admette aucun lead est supposé (emptyRule), elle pourrait les admettre tous",
  other_key: () => "ne correspond pas à la clé (key) de cet enregistrement",
  parent_cycle: ({ cycle }) => `fait partie d'un cycle de parents : ${cycle.join(" → ")}`,
  unknown_profile: ({ profile }) => `« ${profile} » n'est pas un profil de cette plateforme`,
  parent_not_above: ({ profile, parentProfile }) =>
    `le parent a le profil « ${parentProfile} », qui n'est pas au-dessus de « ${profile} »`,
  unknown_parent: ({ parent }) => `désigne ${parent}, que ni la source ni le registre ne connaissent`,
  white_space: () => "est entouré d'espaces",
  shared_value: ({ other }) => `est aussi celui de ${other}`,
  unknown_zip_code: ({ country }) => `n'est pas un code postal de ${country}`,
  zip_code_lacks_zero: ({ country }) =>
    `n'est pas un code postal de ${country} : un zéro initial a sans doute été perdu`,
};
