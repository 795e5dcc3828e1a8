import type { TextsLike } from "../coded.ts";
import { type CONFIG, isRedirect, type ROWS } from "../en/config.ts";
import { lineOf } from "../grammar.ts";
import { counted, french, listed, plural, some } from "./words.ts";

export const CONFIG_FR: TextsLike<typeof CONFIG> = /* @__PURE__ */ french({
  no_config: "doit exporter une configuration : export default defineConfig({ … })",
  no_config_file: ({ path }) => `il n’y a pas de fichier ${path}`,
  no_config_in: ({ folder, files }) =>
    `il n’y a pas de fichier ${files} dans ${folder} : npx oplead-sdk init en crée un`,
  several_configs: ({ files }) => `il y a plusieurs fichiers : ${files.join(", ")}. Gardez-en un`,
  not_loaded: ({ problem }) => `ne peut pas être chargé ; message : « ${problem} »`,
  module_missing: ({ problem }) =>
    `ne peut pas être chargé ; message de Node : « ${problem} ». Installez le paquet à côté de la configuration, par exemple : npm install oplead-sdk`,
  unknown_target: ({ known }) =>
    `n’est pas une cible de la configuration${known.length === 0 ? ", qui n’en définit aucune" : ` ; cibles possibles : ${known.join(", ")}`}`,
  key_without_ledger:
    "vaut pour le registre d’un dossier : donnez cette option à ce registre même, par exemple redisLedger(redis, { ledgerKey })",
  needed: "est absent, et cette commande en a besoin",
  variables_not_set: ({ names }) =>
    names.map((name) => `la variable d’environnement ${name} n’est pas définie`).join(" ; "),
  no_facts_file: ({ code }) => `est illisible (${code}) : oplead probe écrit ce fichier`,
  not_source:
    "doit être csvSource(…), excelSource(…), jsonSource(…), restSource(…), un itérable, ou une fonction qui en renvoie un",
  not_ledger_or_folder: "doit être le chemin d’un dossier, ou un registre",
  not_column: "doit être le nom d’une colonne",
  two_columns: "doit nommer au moins deux colonnes, dont deux au moins sont remplies pour une personne",
  not_texts: ({ value }) => `« ${value} » doit être suivi d’un texte, ou d’une liste de textes`,
  text_of_two: ({ text, values }) =>
    `« ${text} » vaut à la fois ${values.map((value) => `« ${value} »`).join(" et ")} : retirez-en un`,
  unknown_mapping_field: ({ known, similar }) =>
    similar === undefined
      ? `n’est pas un champ ; champs possibles : ${listed(known)}`
      : `n’est pas un champ : s’agit-il de ${similar} ?`,
  not_field: 'doit être le nom d’une colonne, une aide comme cell.values("…", { … }), ou une fonction',
  not_rule_helper: 'doit être une aide comme cell.kilometres("…") ou cell.codes("…"), ou une fonction',
  not_skip: 'doit être cell.values("…", { skip: ["…"] }), cell.notPerson(…), une liste de ceux-ci, ou une fonction',
  syntax_error: (at) => `${at.place} : erreur de syntaxe ; message de l’analyseur : « ${at.problem} »${lineOf(at)}`,
  comma_missing: (at) =>
    `${at.place} : il manque sans doute une virgule avant cet endroit ; message de l’analyseur : « ${at.problem} »${lineOf(at)}`,
  quote_missing: (at) =>
    `${at.place} : il manque sans doute un guillemet ; message de l’analyseur : « ${at.problem} »${lineOf(at)}`,
  bracket_missing: (at) =>
    `${at.place} : il manque sans doute une parenthèse, un crochet ou une accolade, ou il y en a en trop ; message de l’analyseur : « ${at.problem} »${lineOf(at)}`,
  key_twice: (at) =>
    `${at.place} : ${at.name} figure deux fois dans ce tableau, et seule la seconde liste compterait. Réunissez les mots des deux dans une seule liste${lineOf(at)}`,
  not_path: "doit être un chemin ou une adresse",
  not_pattern: "doit être un chemin dont la fin peut contenir * et ?, par exemple « exports/export-*.csv »",
  not_http_address: "doit être une adresse qui commence par http:// ou https://",
  not_alert_target: ({ fields }) => `doit avoir ${listed(fields, "or")}, ou être une fonction`,
  not_smtp_address: "doit être une adresse qui commence par smtp:// ou smtps://",
  not_mail_address: "doit être une adresse e-mail, ou une liste d’adresses",
  not_place: "doit être un chemin avec des points, par exemple « data.users », ou une fonction",
  no_final_newline: "le fichier ne se termine pas par un saut de ligne, il est donc sans doute incomplet",
  file_missing: "le fichier n’existe pas",
  other_file_kind: ({ endings }) =>
    `la fin du nom ne dit pas comment lire le fichier : elle doit être ${endings.join(", ")}`,
  file_is_folder: "c’est un dossier, et non un fichier",
  file_forbidden: "cet utilisateur n’a pas le droit de lire le fichier",
  file_too_large: "le fichier dépasse 2 Gio, et il est lu en entier : divisez-le",
  file_unreadable: ({ code }) => `le fichier ne peut pas être lu (${code})`,
  file_empty: "le fichier est vide : la première ligne doit nommer les colonnes",
  header_empty: ({ row }) => `la ligne ${row}, que nomme headerRow, est vide`,
  columns_twice: ({ name, second }) =>
    `deux colonnes portent le nom « ${name} » : renommez-en une, ou nommez les deux dans l’option columns, la bonne étant « ${second} »`,
  header_lacks: ({ absent }) =>
    `il manque à l’en-tête ${absent.map(({ name, similar }) => `« ${name} »${similar === undefined ? "" : ` (il y a « ${similar} »)`}`).join(", ")}`,
  quote_not_closed: ({ row }) => `le guillemet ouvert à la ligne ${row} n’est jamais fermé`,
  not_csv: ({ row, code }) => `la ligne ${row} n’est pas du CSV (${code})`,
  strange_byte: ({ line, column, encoding }) =>
    `ligne ${line}, colonne ${column} : ce n’est pas un caractère en ${encoding}, le texte est donc endommagé, ou écrit en deux encodages. S’il est entièrement dans un autre, indiquez-le dans l’option encoding`,
  zero_bytes: ({ line, column }) =>
    `ligne ${line}, colonne ${column} : des octets nuls, qui ne sont dans aucun texte : le fichier n’a sans doute pas été copié en entier`,
  unknown_charset: ({ charset }) =>
    `la réponse se dit en ${JSON.stringify(charset)}, qui n’est pas connu : indiquez son encodage dans l’option encoding`,
  file_not_json: ({ line }) => `${line === undefined ? "le fichier" : `la ligne ${line}`} n’est pas du JSON`,
  file_changes: "le fichier est en cours de modification : il pourra être lu une fois copié",
  not_one_source: "doit être une source : csvSource(…), restSource(…), un itérable, ou une fonction qui en renvoie un",
  not_columns: "doit être le nom d’une colonne, ou deux : [« agence », « code »], la première de la source principale",
  part_empty: ({ title }) =>
    `${title} ne contient aucun enregistrement : s’il le devait, ses utilisateurs passeraient pour partis`,
  partners_empty: ({ main }) =>
    `elle ne contient aucun enregistrement, et ceux de ${main} perdraient tous leur partenaire. Si c’est possible, mettez allowEmpty: true`,
  no_columns: "ce n’est pas un enregistrement avec des colonnes",
  name_taken: ({ name }) => `il y a déjà « ${name} » : donnez un autre nom à l’option as`,
  column_absent: ({ column }) => `aucun enregistrement ne contient « ${column} »`,
  page_twice: "une page renvoie à une page déjà lue",
  pages_empty: ({ pages }) =>
    `${pages} pages de suite ne contiennent aucun enregistrement, et chacune renvoie à une autre : l’option next mène-t-elle à une fin ?`,
  pages_past_total: ({ count, total }) =>
    `${count} enregistrements sont arrivés alors que la source annonce un total de ${total}, et l’option next mène à d’autres : mène-t-elle à une fin ?`,
  too_many_pages: ({ pages }) =>
    `${pages} pages ont été lues, et l’option next mène à une autre : mène-t-elle à une fin ? S’il y a plus de pages, augmentez maxPages`,
  answer_too_large: ({ mebibytes }) => `la réponse dépasse ${mebibytes} Mio : demandez des pages à la source`,
  no_total: "aucune page ne contient de nombre à l’endroit que nomme l’option total",
  records_missing: ({ count, total }) =>
    `${count} enregistrements sur ${total} sont arrivés : l’option next mène-t-elle à toutes les pages ?`,
  next_unusable: "l’adresse de la page suivante n’est pas valable, ou contient un nom d’utilisateur ou un mot de passe",
  other_origin: "la page suivante est sur un autre serveur",
  no_token_given: ({ reason }) => `n’a pas délivré de jeton (${reason}) : vérifiez clientId, clientSecret et scope`,
  no_access_token: "la réponse ne contient pas d’access_token",
  answer_not_json: "la réponse n’est pas du JSON",
  no_answer: ({ timeoutMs }) => `n’a pas répondu en ${timeoutMs} ms`,
  own_fetch_failed: ({ error }) => `sa fonction fetch a échoué (${error})`,
  unreachable: ({ reason }) => (reason === undefined ? "est injoignable" : `est injoignable (${reason})`),
  answered: ({ status, hasToken }) => {
    const access = hasToken
      ? " : le jeton est refusé, même renouvelé"
      : " : vérifiez les en-têtes (headers) de la source";
    const redirect = isRedirect(status) ? ", une redirection : écrivez l’adresse à laquelle elle mène" : "";
    return `a répondu ${status}${status === 401 || status === 403 ? access : redirect}`;
  },
  no_list: ({ place, lists }) => {
    const hint = lists.length === 0 ? "" : ` ; il y a des listes à ${quoted(lists)}`;
    const where = place === undefined ? "dans le document" : `à « ${place} »`;
    return `il n’y a pas de liste d’enregistrements ${where} : dites où elle est par l’option items${hint}`;
  },
  keys_twice: ({ column, places, more }) =>
    `la même valeur de « ${column} » figure dans ${places.join(" ; dans ")}${more === 0 ? "" : ` ; et ${counted(more, "autre y figure", "autres y figurent")} plusieurs fois`}`,
  no_partners: ({ title, column, records }) =>
    `aucun des ${records} enregistrements n’a de partenaire dans ${title} : « ${column} » est-elle la bonne colonne ?`,
  partners_lost_zero: ({ title, places, more }) =>
    `${some(places, more)} : pas de partenaire dans ${title}, mais un sans compter les zéros initiaux, ` +
    "l’une des deux sources les a donc perdus. Donnez à la colonne le format Texte avant de l’exporter.",
  is_workbook: "c’est un classeur Excel : utilisez excelSource",
  is_no_workbook:
    "ce n’est pas un classeur Excel : si c’est un fichier texte, nommez-le .csv, ou utilisez csvSource dans un programme",
  is_zip: "c’est une archive ZIP : extrayez-la, et nommez le fichier qu’elle contient",
  old_workbook:
    "c’est un classeur d’Excel 97 à 2003 (.xls), qui n’est pas lu : enregistrez-le dans Excel comme classeur Excel (.xlsx), ou faites écrire l’export en .xlsx ou en CSV",
  workbook_with_password:
    "le classeur est protégé par un mot de passe : enregistrez une copie sans lui (Fichier, Informations, Protéger le classeur, Chiffrer avec mot de passe)",
  markup_as_table:
    "c’est une page web ou du XML qui n’a d’un tableau que le nom : ouvrez-le dans Excel et enregistrez-le comme classeur Excel (.xlsx), ou faites écrire l’export en .xlsx ou en CSV",
  other_workbook:
    "ce n’est pas un classeur au format .xlsx : ouvrez-le dans Excel et enregistrez-le comme classeur Excel (.xlsx)",
  workbook_too_large:
    "le classeur décompressé dépasse 1 Gio pour une feuille ou 256 Mio de textes : supprimez ce qui n’est pas le tableau, ou enregistrez la feuille en CSV UTF-8 et utilisez csvSource",
  broken_workbook:
    "le classeur est incomplet ou endommagé : copiez-le de nouveau, ou ouvrez-le dans Excel et enregistrez-le encore une fois",
  no_such_sheet: ({ sheet, names }) =>
    names.length === 0
      ? "le classeur ne contient aucune feuille de cellules"
      : `il n’y a pas de feuille « ${sheet} » ; feuilles possibles : ${quoted(names)}`,
  other_sheets: ({ sheet, others, hidden }) =>
    `la feuille « ${sheet} » est lue, ${others.length === 0 ? "aucune autre" : `et non ${quoted(others)}`}${hidden.length === 0 ? "" : ` (masquées : ${quoted(hidden)})`}. L’option sheet en nomme une autre`,
  hidden_rows: ({ rows, more }) =>
    `${plural(rows.length + more, "ligne", "lignes")} ${some(rows, more)} : masquées dans Excel, et lues comme les autres. Supprimez les lignes qui ne sont pas voulues`,
  merged_cells: ({ areas, more }) =>
    `cellules fusionnées ${some(areas, more)} : seule la première contient la valeur, les autres sont vides. Défusionnez-les et remplissez-les`,
  unknown_formats: ({ formats, more }) =>
    `cellules au format ${some(
      formats.map((one) => `« ${one} »`),
      more,
    )} : inconnu, donc leurs nombres sont lus tels quels, une date comme un nombre de jours. Donnez à ces cellules un autre format`,
  no_file_matches: ({ partial }) =>
    `aucun nom de fichier ne correspond${partial === 0 ? "" : ` ; fichiers partiels, encore en cours de copie : ${partial}`}`,
  name_without_date: ({ file }) =>
    `impossible de dire quel fichier est le plus récent : « ${file} » ne porte pas de date dans son nom, contrairement aux autres. Retirez-le, ou précisez le motif`,
  file_of_the_future:
    "le fichier le plus récent est daté dans le futur, aucun autre ne serait donc lu après lui : corrigez son nom, ou l’horloge qui l’a daté",
  file_too_old: ({ hours, maxAgeHours }) =>
    `l’export le plus récent date de ${hours < 48 ? counted(hours, "heure") : counted(Math.floor(hours / 24), "jour")}, et le maximum est de ${counted(maxAgeHours, "heure")} : l’export est-il encore produit ?`,
});

export const ROWS_FR: TextsLike<typeof ROWS> = /* @__PURE__ */ french({
  surplus_cells: ({ cells, columns }) =>
    `la ligne contient ${cells} cellules, l’en-tête ${columns} : mettez entre guillemets le texte qui contient le délimiteur`,
  zip_codes_lost_zero: (at) =>
    `${cells(at)} : le code postal a quatre chiffres et la plupart des autres en ont cinq, un zéro initial a donc sans ` +
    "doute été perdu. Donnez à la colonne le format Texte avant de saisir ou d’importer les codes.",
  state_of_leaver: ({ value }) =>
    `indique « ${value} » : cette personne est-elle partie ? Pour écarter ces lignes, faites renvoyer null à map`,
  value_unknown: ({ value }) => `contient « ${value} », absent de sa liste dans la configuration`,
  country_unknown: ({ value }) =>
    `contient « ${value} », qui n’est pas un pays : écrivez son nom ou son code de deux lettres`,
  date_unknown: ({ column, value }) =>
    `contient « ${value} » dans la colonne « ${column} », qui n’est pas une date : écrivez-la comme 31/01/2026`,
  distance_unknown: ({ value }) =>
    `contient « ${value} », qui n’est pas une distance : écrivez des kilomètres, par exemple 30`,
  county_unknown: ({ value }) =>
    `contient « ${value} », qui n’est pas un numéro de département : écrivez par exemple 29, ou 01, 2A`,
  may_be_cut: ({ row }) =>
    `le fichier se termine dans la ligne ${row}, sans saut de ligne, elle est donc peut-être coupée : le fichier est-il ` +
    "encore en cours de copie ? S’il se termine toujours ainsi, réglez finalNewline sur « optional »",
  in_source: ({ title, message }) => `${title} : ${message}`,
  no_partner: ({ title, column, zero }) =>
    `aucun enregistrement de ${title} n’a cette valeur dans « ${column} »` +
    (zero ? " : il y en aurait un sans compter les zéros initiaux, l’une des deux sources les a donc perdus" : ""),
  no_partner_key: ({ column }) => `la colonne « ${column} » est vide`,
  partner_twice: ({ title, column, places }) =>
    `plusieurs enregistrements de ${title} ont cette valeur dans « ${column} » : ${places.join(" et ")}`,
  numbers_shortened: (at) =>
    `${cells(at)} : le nombre a été abrégé par un tableur (1,23E+10) et ses derniers chiffres sont perdus. Donnez à la ` +
    "colonne le format Texte et exportez-la de nouveau depuis son origine.",
  error_cells: (at) =>
    `${cells(at)} : une formule a échoué (#N/A ou une autre valeur d’erreur) : corrigez-la dans le fichier`,
  formulas_without_value: (at) =>
    `${cells(at)} : la formule n’a pas de valeur, car un programme l’a écrite : ouvrez le fichier dans Excel et enregistrez-le`,
});

const quoted = (names: readonly string[]): string => names.map((name) => `« ${name} »`).join(", ");

function cells({ column, rows, more }: Parameters<(typeof ROWS)["zip_codes_lost_zero"]>[0]): string {
  return `${plural(rows.length, "ligne", "lignes")} ${some(rows, more)}, colonne « ${column} »`;
}
