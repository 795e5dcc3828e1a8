import type { TextsLike } from "../coded.ts";
import type { RULE_FINDINGS, RULES, RuleText, ZIP_CODES } from "../en/rules.ts";

const OF: Readonly<Record<RuleText, string>> = {
  range: "d'une gamme",
  requestType: "d'un type de demande",
  contactProfile: "d'un profil de contact",
  code: "d'un élément",
  county: "d'un département",
  zipCode: "d'un lieu",
};

export const RULES_FR: TextsLike<typeof RULES> = {
  not_rules: ({ known }) => `doit être un objet de règles : ${known.join(", ")}`,
  not_rule: ({ known }) => `n'est pas une règle ; les règles sont ${known.join(", ")}`,
  null_rule: () => "est null : omettez-la pour laisser la règle telle quelle",
  not_rule_field: ({ known }) => `n'est pas un champ ici ; les champs sont ${known.join(", ")}`,
  empty_rule: ({ none }) => `est vide. Une liste vide effacerait la règle : si c'est voulu, écrivez ${none}`,
  number_for_text: ({ kind }) =>
    `${singular(kind)} est du texte : un zéro initial a sans doute été perdu. Lisez la colonne comme du texte`,
  spaces: ({ kind }) =>
    kind === "zipCode"
      ? "est entouré d'espaces, contient plus d'une espace de suite ou un caractère invisible"
      : `contient une espace ou un caractère invisible, et ${singular(kind)} n'en a pas`,
  other_code: ({ kind, found, prefix }) =>
    `est le code ${OF[found]}, là où celui ${OF[kind]} (« ${prefix}… ») est attendu`,
  not_code: ({ kind, prefix }) =>
    `n'est pas le code ${OF[kind]}, de la forme « ${prefix}XXX » (un code, pas un libellé : il est le même dans toutes les langues). ` +
    'Si les codes de votre plateforme ont une autre forme, écrivez code("…")',
  not_geographical: () =>
    "doit être geographical()… ou { handledCountries: [{ handledCountry: { code }, handledCounties? }] }",
  not_handled_country: () => "doit être { handledCountry: { code }, handledCounties? }",
  not_handled_county: () => "doit être { handledCounty: { number }, handledPostCodeZips? }",
  covers_nothing: () => "ne couvre rien, ce qui effacerait la règle : si c'est voulu, écrivez geographical.none()",
  no_counties: () => "est vide. Omettez-le pour couvrir tout le pays",
  no_zip_codes: () => "est vide. Omettez-le pour couvrir tout le département",
  not_kilometres: () => "doit être un nombre de kilomètres",
  not_distance: () => "doit être un nombre fini de kilomètres, supérieur à 0",
  not_competence: () => "doit être { range: { code }, requestType?: { code } }",
  not_request_type: () => "doit être { code }, ou omis si la plateforme n'a que des gammes",
  not_pair: () => "doit être [gamme, type de demande]",
  mixed_competences: () =>
    "mélange des gammes seules et des couples de gamme et type de demande. Une plateforme fonctionne de l'une des deux " +
    "façons : donnez un type de demande à chaque entrée, ou à aucune",
  empty_product: () => "est vide. Le produit serait vide : si c'est voulu, écrivez competences.none()",
};

export const ZIP_CODES_FR: TextsLike<typeof ZIP_CODES> = {
  nothing_to_find: () => "est vide. Sans code postal, rien n'est couvert",
  not_reference: () => "doit être ce que getCountry a renvoyé",
  no_reference_zips: () => "n'a pas de codes postaux dans ses données de référence : aucun ne peut être trouvé",
};

export const RULE_FINDINGS_FR: TextsLike<typeof RULE_FINDINGS> = {
  unknown_country: ({ value }) => `${quoted(value)} n'est pas un pays de la plateforme`,
  unknown_county: ({ value, country }) => `${quoted(value)} n'est pas un département de ${country}`,
  county_lost_zero: ({ value, country, found }) =>
    `${quoted(value)} n'est pas un département de ${country} : « ${found} » en est un, un zéro initial a sans doute été perdu`,
  zip_code_elsewhere: ({ value, county, liesIn }) =>
    `${quoted(value)} se trouve dans ${liesIn.join(" et ")}, pas dans ${quoted(county)}`,
  no_such_zip_code: ({ value, country }) => `${quoted(value)} n'est pas un code postal de ${country}`,
  zip_code_without_zero: ({ value, found }) =>
    `${quoted(value)} est inconnu : « ${found} » ne l'est pas, un zéro initial a sans doute été perdu`,
  metres: () => "est plus loin que tout point de la Terre : étaient-ce des mètres ? L'unité est le kilomètre",
  unknown_code: ({ value, kind }) => `${quoted(value)} n'est pas le code ${OF[kind]} de la plateforme`,
  ranges_alone: () =>
    "n'a que des gammes, et la plateforme a des types de demande : elle attend sans doute des couples",
};

function singular(kind: RuleText): string {
  if (kind === "county") return "un numéro de département";
  return kind === "zipCode" ? "un code postal" : "un code";
}

function quoted(value: string | undefined): string {
  return value === undefined ? "ceci" : `« ${value} »`;
}
