import type { TextsLike } from "../coded.ts";
import type { CONFIG } from "../en/config.ts";

export const CONFIG_FR: TextsLike<typeof CONFIG> = {
  no_config: () => "doit exporter une configuration : export default defineConfig({ … })",
  unknown_target: ({ known }) =>
    `n'est pas une cible de la configuration : il y a ${known.length === 0 ? "aucune cible" : known.join(", ")}`,
  key_without_ledger: () =>
    "vaut pour le registre d'un dossier : donnez la clé à ce registre même, par exemple redisLedger(redis, { ledgerKey })",
  needed: () => "est absent, et cette commande en a besoin",
  variables_not_set: ({ names }) =>
    names.map((name) => `la variable d'environnement ${name} n'est pas définie`).join(" ; "),
  not_source: () => "doit être csvSource(…), jsonSource(…), restSource(…), un itérable, ou une fonction qui en rend un",
  not_ledger_or_folder: () => "doit être le chemin d'un dossier, ou un registre",
  not_path: () => "doit être un chemin ou une adresse",
  not_http_address: () => "doit être une adresse qui commence par http:// ou https://",
  not_alert_target: () => "doit avoir webhook, email ou heartbeat, ou être une fonction",
  not_smtp_address: () => "doit être une adresse qui commence par smtp:// ou smtps://",
  not_mail_address: () => "doit être une adresse e-mail, ou une liste d'adresses",
  not_place: () => "doit être un chemin avec des points, par exemple « data.users », ou une fonction",
  surplus_cells: ({ cells, columns }) =>
    `la ligne a ${cells} cellules, l'en-tête ${columns} : mettez entre guillemets le texte qui contient le délimiteur`,
  zip_codes_lost_zero: (at) =>
    `${cells(at)} : le code postal a quatre chiffres et la plupart des autres en ont cinq, un zéro initial a donc sans ` +
    "doute été perdu. Donnez à la colonne le format Texte avant de saisir ou d'importer les codes.",
  may_be_cut: ({ row }) =>
    `le fichier se termine dans la ligne ${row}, sans saut de ligne, elle est donc peut-être coupée : le fichier est-il ` +
    "encore en cours de copie ? S'il se termine toujours ainsi, réglez finalNewline sur « optional »",
  no_final_newline: () => "le fichier ne se termine pas par un saut de ligne, il est donc sans doute incomplet",
  file_changes: () => "le fichier est en cours de modification : il pourra être lu une fois copié",
  not_one_source: () =>
    "doit être une source : csvSource(…), restSource(…), un itérable, ou une fonction qui en rend un",
  not_columns: () =>
    "doit être le nom d'une colonne, ou deux : [« agence », « code »], la première de la source principale",
  in_source: ({ title, message }) => `${title} : ${message}`,
  part_empty: ({ title }) =>
    `${title} n'a aucun enregistrement : s'il devait en avoir, ses utilisateurs passent pour partis`,
  no_partner: ({ title, column, zero }) =>
    `aucun enregistrement de ${title} n'a cette valeur dans « ${column} »` +
    (zero ? " : il y en aurait un sans compter les zéros initiaux, l'une des deux sources les a donc perdus" : ""),
  no_partner_key: ({ column }) => `la colonne « ${column} » est vide`,
  partner_twice: ({ title, column, places }) =>
    `plusieurs enregistrements de ${title} ont cette valeur dans « ${column} » : ${places.join(" et ")}`,
  keys_twice: ({ column, places, more }) =>
    `la même valeur de « ${column} » est dans ${places.join(" ; dans ")}${more === 0 ? "" : ` ; et ${more} autres y sont plusieurs fois`}`,
  no_partners: ({ title, column, records }) =>
    `aucun des ${records} enregistrements n'a de partenaire dans ${title} : « ${column} » est-elle la bonne colonne ?`,
  partners_lost_zero: ({ title, places, more }) =>
    `${places.join(", ")}${more === 0 ? "" : ` et ${more} autres`} : pas de partenaire dans ${title}, mais un sans compter les zéros initiaux, ` +
    "l'une des deux sources les a donc perdus. Donnez à la colonne le format Texte avant de l'exporter.",
  numbers_shortened: (at) =>
    `${cells(at)} : le nombre a été abrégé par un tableur (1,23E+10) et ses derniers chiffres sont perdus. Donnez à la ` +
    "colonne le format Texte et exportez-la de nouveau depuis son origine.",
};

function cells({ column, rows, more }: Parameters<(typeof CONFIG)["zip_codes_lost_zero"]>[0]): string {
  const others = more === 0 ? "" : ` et ${more} autres`;
  return `${rows.length === 1 ? "ligne" : "lignes"} ${rows.join(", ")}${others}, colonne « ${column} »`;
}
