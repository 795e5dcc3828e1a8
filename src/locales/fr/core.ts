import type { TextsLike } from "../coded.ts";
import { countryInFrench } from "../countries.ts";
import type {
  BUILDERS,
  CONTENT,
  OPTIONS,
  PARTS,
  RECORDS,
  RULE_FINDINGS,
  RULES,
  RuleText,
  STORES,
  USER,
  VALUES,
} from "../en/core.ts";
import { french, number } from "./words.ts";

export const VALUES_FR: TextsLike<typeof VALUES> = /* @__PURE__ */ french({
  required: "est obligatoire",
  empty: "ne doit pas être vide",
  not_text: "doit être du texte",
  lost_zero: "doit être du texte : un zéro initial a sans doute été perdu",
  not_boolean: "doit être true ou false",
  not_number: ({ min, max }) => `doit être un nombre ${between(min, max)}`,
  not_whole_number: ({ min, max }) => `doit être un nombre entier ${between(min, max)}`,
  not_function: "doit être une fonction",
  not_object: "doit être un objet",
  not_list: "doit être une liste",
  not_profiles: "doit être une liste de codes de profil, ou une fonction",
  not_map: "doit être une Map de textes par numéro de compte",
  not_one_of: ({ allowed }) => `doit être ${allowed.map((value) => JSON.stringify(value)).join(" ou ")}`,
  unknown_option: ({ known }) => `n’est pas une option ; options possibles : ${known.join(", ")}`,
  unreadable: "ne peut pas être lu : l’un de ses champs lève une erreur",
  not_json: "ne peut pas être écrit en JSON",
  invalid: "n’est pas valide",
  refused_by_oplead: "est refusé par Oplead",
  not_text_or_number: "doit être du texte ou un nombre entier",
  dots_only: "ne doit pas être « . » ni « .. », qui désignent un autre chemin",
  not_unicode: "n’est pas de l’Unicode valide",
  not_country_code: "doit être le code du pays, deux lettres majuscules, par exemple FR",
  pino_unwrapped: "est pino, qui perdrait les champs : donnez pinoLogger(pino)",
  not_logger: "doit être un journal avec debug, info, warn et error",
  not_signal: "doit être un AbortSignal",
});

export const USER_FR: TextsLike<typeof USER> = /* @__PURE__ */ french({
  not_user: "doit être un objet : { civility, lastname, login, email, address, profile, … }",
  not_address: "doit être un objet : { zipCode, city, country: { code } }",
  not_country: 'doit être un objet : { code: "FR" }',
  not_profile: 'doit être un objet : { code: "…" }',
  not_email: "n’est pas une adresse e-mail",
  zip_code_lost_zero:
    "un code postal est du texte : un zéro initial a sans doute été perdu. Lisez la colonne comme du texte",
  padded_identifier: "est entouré d’espaces, qui en feraient un autre numéro",
  not_identifier: "ne peut pas désigner un utilisateur",
  not_parent: "doit être l’ID Oplead ou le numéro de compte du responsable, en texte et sans espaces",
  digits_only:
    "ne contient que des chiffres et pourrait être l’ID Oplead d’un autre utilisateur, qui serait écrasé : ajoutez un préfixe " +
    "(« RH-… »), ou activez platform.numericAccountNumbers si aucun ID de la plateforme n’a cette forme",
  similar_field: ({ similar }) =>
    `n’est pas un champ connu d’Oplead ; « ${similar} » en est un. Corrigez-le, ou ajoutez-le à platform.customFields`,
  unknown_field: "n’est ni un champ connu ni un champ de platform.customFields",
  not_custom: "existe aussi à côté de custom, ou y a sa propre place",
  null_field:
    "ne doit pas être null : omettez le champ, ou donnez un texte vide. Oplead ne documente ni ce qu’il fait d’un texte vide ni une " +
    "autre façon de vider un champ",
  needs_account_number:
    "est obligatoire, même avec un id : dès que l’id n’est plus valable, chaque appel recréerait l’utilisateur. updateUser s’en passe",
});

export const OPTIONS_FR: TextsLike<typeof OPTIONS> = /* @__PURE__ */ french({
  no_token:
    "est absent : donnez { token } ou définissez OPLEAD_TOKEN. L’administrateur de votre plateforme Oplead le délivre",
  given_undefined:
    "vaut undefined : une variable n’est sans doute pas définie. Retirez la clé pour prendre la valeur par défaut",
  empty_token: "est vide",
  padded_token: "est entouré d’espaces : il a sans doute été copié avec un saut de ligne",
  bearer_token: "commence par « Bearer » : retirez-le, le paquet l’ajoute",
  unsendable_token: "contient des caractères qu’un en-tête ne peut pas porter",
  not_url: "n’est pas une URL : écrivez https://hôte, sans chemin de l’API (le paquet ajoute /v1/…)",
  not_http: "doit commencer par https://",
  plain_http:
    "est en HTTP non chiffré vers une autre machine, et les secrets peuvent être lus en chemin : écrivez https://, ou allowHttp: true pour un serveur de test",
  url_with_password: "ne doit contenir ni nom d’utilisateur ni mot de passe",
  url_with_query: "ne doit contenir ni requête ni fragment",
  url_with_version: "finit par /v1, que le paquet ajoute lui-même",
  not_platform_name: "doit être un nom de 100 caractères au plus",
  not_auth: 'doit être "bearer" ou { header: "NOM-DE-L-EN-TÊTE" }',
  header_with_meaning: "désigne un en-tête qui a déjà un sens",
  not_id_field: 'doit être le nom d’un champ, ou un chemin avec des points, par exemple "data.id"',
  not_api_field: ({ similar }) =>
    `n’est pas un champ du paquet${similar === undefined ? "" : ` ; « ${similar} » en est un`}`,
  not_wire_place: 'doit être un chemin tel que "address.postal_code", avec autant de [] que le champ',
  place_contradicts: "place une liste ailleurs qu’un autre champ de cette liste",
  place_taken: ({ other }) => `occupe la place de ${other} : donnez-en aussi une autre à ce champ`,
  not_rule_path: 'doit être un chemin avec {id}, par exemple "/v1/users/{id}/rules/radius"',
  not_facts: "doit être le contenu d’un platform.json que cette version sait lire : relancez oplead probe",
  facts_of_other_platform: ({ baseUrl }) =>
    `proviennent de ${baseUrl}, et ce client a une autre URL de base : lancez oplead probe sur celle-ci`,
  contradicts_fact: ({ option, fact }) =>
    `vaut ${option}, et les faits de la plateforme disent ${fact} : retirez l’option, ou relancez oplead probe`,
  not_rate_limit: "doit être { requests, perMs }, un débit partagé, le rateLimit d’un autre client ou false",
  not_retry: "doit être { attempts, baseMs } ou false",
  not_hooks: "doit être un objet avec la fonction around, ou une liste de tels objets",
  test_mode_unclear: 'OPLEAD_TEST_MODE doit être "true" ou "false"',
  fetch_failed: ({ error }) => `a échoué, sans que la connexion soit en cause (${error}) : voir error.cause`,
  in_browser:
    "ceci ressemble à une page web, où chaque visiteur pourrait lire le jeton d’API. Appelez Oplead depuis un serveur. " +
    "Si seules des personnes de confiance voient cette page (un test dans jsdom, un outil interne), passez " +
    "dangerouslyAllowBrowser: true",
  of_other_client: "est fixé par le client dont celui-ci partage le rateLimit",
  leaves_test_mode: "ce client est en mode test, qui ne se désactive pas : créez un autre client",
  not_headers: "doit être un simple objet de noms et de valeurs",
  not_header_name: "un nom d’en-tête contient un caractère interdit",
  reserved_header: "est défini par le paquet",
  method_override: "changerait une méthode en une autre",
  not_header_value: "doit être une ligne de texte ASCII",
});

export const PARTS_FR: TextsLike<typeof PARTS> = /* @__PURE__ */ french({
  not_ledger: "doit être un registre : memoryLedger(), fileLedger(path), redisLedger(redis) ou createLedger(store)",
  not_ledger_store: "doit être un magasin avec « get », « replace » et « entries »",
  not_delivery_store: "doit être un registre de livraisons avec « has » et « add »",
  not_queue: "doit être une file d’attente : userQueue(…) de oplead-sdk/bullmq",
  not_ledger_key:
    "doit être un secret d’au moins 16 octets, ou une liste de tels secrets, dont le premier sert à écrire",
  not_directory: "doit être le chemin d’un dossier",
  not_audit_place: "doit être le chemin d’un fichier, ou { file, keepDays }",
  not_iterable: "doit être une liste, ou autre chose qui se lit élément par élément",
  not_clock: "doit être une fonction qui renvoie des millisecondes depuis 1970",
});

const OLD = { entry: "Des entrées", lease: "Des baux", info: "Des données" } as const;

export const STORES_FR: TextsLike<typeof STORES> = /* @__PURE__ */ french({
  old_package: ({ name, installed, needed }) =>
    `${name} ${installed} est installé, et il faut la version ${needed} ou une plus récente : npm install ${name}`,
  not_redis: "doit être un client d’ioredis",
  has_key_prefix: "ne doit pas avoir de keyPrefix, que SCAN ignore : utilisez l’option prefix",
  not_share: "doit être une part supérieure à 0 et inférieure ou égale à 1",
  ledger_platform: ({ stored, current }) =>
    `le registre appartient à ${stored}, et ce client à ${current} : un ID de l’une désigne un autre utilisateur sur l’autre. Rien n’a été envoyé`,
  old_form: ({ what }) =>
    `${OLD[what]} du registre ont la forme d’une ancienne version : exportez les ID avec cette version, puis importez-les dans un nouveau registre.`,
});

export const CONTENT_FR: TextsLike<typeof CONTENT> = /* @__PURE__ */ french({
  not_version: "doit être un nombre ou du texte",
  unknown_key: ({ known, similar }) =>
    similar === undefined
      ? `est inconnu ici ; noms possibles : ${known.join(", ")}`
      : `est inconnu ici : « ${similar} » ?`,
  identifies_user: "est obligatoire : il identifie l’utilisateur",
  account_number_twice: "figure deux fois",
  moved_twice:
    "figure deux fois : un numéro est ancien ou nouveau dans un seul déplacement ; pour un échange, passez par des numéros libres",
  id_twice: "figure deux fois, avec des numéros de compte différents",
});

export const RECORDS_FR: TextsLike<typeof RECORDS> = /* @__PURE__ */ french({
  map_failed: ({ error, at }) => `map a échoué : ${error}${at === undefined ? "" : ` (${at})`}`,
  map_reads_none: ({ error, at, columns }) =>
    `map a échoué pour chaque enregistrement, d’abord ${error}${at === undefined ? "" : ` (${at})`} : le fichier doit contenir ce que map lit dans la source habituelle` +
    (columns.length === 0 ? "" : `. Il contient ${columns.map((name) => `« ${name} »`).join(", ")}`),
  record_error: ({ message }) => message,
  leaver_rules_failed: ({ error, at }) => `leavers.rules a échoué : ${error}${at === undefined ? "" : ` (${at})`}`,
  leaver_empty_rule:
    "est vide et n’est pas envoyée pour un utilisateur parti : on suppose qu’une règle vide n’admet aucun lead (emptyRule), mais elle pourrait les admettre tous",
  other_key: "ne correspond pas à la clé (key) de cet enregistrement",
  parent_cycle: ({ cycle }) => `fait partie d’un cycle de responsables : ${cycle.join(" → ")}`,
  unknown_profile: ({ profile }) => `« ${profile} » n’est pas un profil de cette plateforme`,
  parent_not_above: ({ profile, parentProfile }) =>
    `le responsable a le profil « ${parentProfile} », qui n’est pas au-dessus de « ${profile} »`,
  unknown_parent: ({ parent }) => `désigne ${parent}, que ni la source ni le registre ne connaissent`,
  no_segment: ({ field }) => `désigne « ${field} », absent de l’enregistrement`,
  white_space: "est entouré d’espaces",
  shared_value: ({ other }) => `est aussi celui de ${other}`,
  unknown_zip_code: ({ country }) => `n’est pas un code postal de ce pays (${countryInFrench(country)})`,
  zip_code_lacks_zero: ({ country }) =>
    `n’est pas un code postal de ce pays (${countryInFrench(country)}) : un zéro initial a sans doute été perdu`,
});

const OF: Readonly<Record<RuleText, string>> = {
  range: "d’une gamme",
  requestType: "d’un type de demande",
  contactProfile: "d’un profil de contact",
  code: "d’un élément",
  county: "d’un département",
  zipCode: "d’un lieu",
};

export const RULES_FR: TextsLike<typeof RULES> = /* @__PURE__ */ french({
  not_rules: ({ known }) => `doit être un objet de règles : ${known.join(", ")}`,
  not_rule: ({ known }) => `n’est pas une règle ; règles possibles : ${known.join(", ")}`,
  null_rule: "est null : omettez-la pour laisser la règle telle quelle",
  not_rule_field: ({ known }) => `n’est pas un champ ici ; champs possibles : ${known.join(", ")}`,
  empty_rule: ({ none }) => `est vide. Une liste vide effacerait la règle : si c’est voulu, écrivez ${none}`,
  number_for_text: ({ kind }) =>
    `${singular(kind)} est du texte : un zéro initial a sans doute été perdu. Lisez la colonne comme du texte`,
  spaces: ({ kind }) =>
    kind === "zipCode"
      ? "est entouré d’espaces, contient plusieurs espaces de suite ou un caractère invisible"
      : `contient une espace ou un caractère invisible, et ${singular(kind)} n’en a pas`,
  other_code: ({ kind, found, prefix }) =>
    `est le code ${OF[found]}, là où celui ${OF[kind]} (« ${prefix}… ») est attendu`,
  not_code: ({ kind, prefix }) =>
    `n’est pas le code ${OF[kind]}, de la forme « ${prefix}XXX » (un code, pas un libellé : il est le même dans toutes les langues). ` +
    'Si les codes de votre plateforme ont une autre forme, écrivez code("…")',
  not_geographical:
    "doit être geographical()… ou { handledCountries: [{ handledCountry: { code }, handledCounties? }] }",
  not_handled_country: "doit être { handledCountry: { code }, handledCounties? }",
  not_handled_county: "doit être { handledCounty: { number }, handledPostCodeZips? }",
  covers_nothing: "ne couvre rien, ce qui effacerait la règle : si c’est voulu, écrivez geographical.none()",
  no_counties: "est vide. Omettez-le pour couvrir tout le pays",
  no_zip_codes: "est vide. Omettez-le pour couvrir tout le département",
  not_kilometres: "doit être un nombre de kilomètres",
  not_distance: "doit être un nombre fini de kilomètres, supérieur à 0",
  not_competence: "doit être { range: { code }, requestType?: { code } }",
  not_request_type: "doit être { code }, ou omis si la plateforme n’a que des gammes",
  mixed_competences:
    "mélange des gammes seules et des couples de gamme et type de demande. Une plateforme fonctionne de l’une des deux " +
    "façons : donnez un type de demande à chaque entrée, ou à aucune",
});

export const BUILDERS_FR: TextsLike<typeof BUILDERS> = /* @__PURE__ */ french({
  nothing_to_find: "est vide. Sans code postal, rien n’est couvert",
  not_reference: "doit être ce que getCountry a renvoyé",
  no_reference_zips: "n’a pas de codes postaux dans ses données de référence : aucun ne peut être trouvé",
  not_pair: "doit être [gamme, type de demande]",
  empty_product: "est vide, et le produit le serait aussi : si c’est voulu, écrivez competences.none()",
});

export const RULE_FINDINGS_FR: TextsLike<typeof RULE_FINDINGS> = /* @__PURE__ */ french({
  unknown_country: ({ value }) => `${quoted(value)} n’est pas un pays de la plateforme`,
  unknown_county: ({ value, country }) =>
    `${quoted(value)} n’est pas un département de ce pays (${countryInFrench(country)})`,
  county_lost_zero: ({ value, country, found }) =>
    `${quoted(value)} n’est pas un département de ce pays (${countryInFrench(country)}) : « ${found} » en est un, un zéro initial a sans doute été perdu`,
  zip_code_elsewhere: ({ value, county, liesIn }) =>
    `${quoted(value)} se trouve dans ${liesIn.join(" et ")}, pas dans ${quoted(county)}`,
  no_such_zip_code: ({ value, country }) =>
    `${quoted(value)} n’est pas un code postal de ce pays (${countryInFrench(country)})`,
  zip_code_without_zero: ({ value, found }) =>
    `${quoted(value)} est inconnu, mais « ${found} » est connu : un zéro initial a sans doute été perdu`,
  metres: "dépasse toute distance possible sur Terre : s’agit-il de mètres ? L’unité est le kilomètre",
  unknown_code: ({ value, kind }) => `${quoted(value)} n’est pas le code ${OF[kind]} de la plateforme`,
  ranges_alone:
    "ne contient que des gammes, alors que la plateforme a des types de demande : elle attend sans doute des couples",
});

function singular(kind: RuleText): string {
  if (kind === "county") return "un numéro de département";
  return kind === "zipCode" ? "un code postal" : "un code";
}

function quoted(value: string | undefined): string {
  return value === undefined ? "ceci" : `« ${value} »`;
}

function between(min: number, max: number): string {
  return max >= Number.MAX_SAFE_INTEGER ? `d’au moins ${number(min)}` : `de ${number(min)} à ${number(max)}`;
}
