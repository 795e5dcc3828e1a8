import { DOCUMENTED_ADDRESS } from "../../core/names.ts";
import { type TextsLike, toldBy } from "../coded.ts";
import type { DOCTOR_ANSWERS, DOCTOR_FIXES } from "../en/doctor.ts";
import { localTime } from "../grammar.ts";
import { COMMAND_RUN_FR } from "./command-run.ts";
import { ALERT_FAILURES_FR } from "./failures.ts";
import { inFrench } from "./issues.ts";
import { REASONS_FR } from "./report.ts";
import { counted, french, number, plural } from "./words.ts";

const administrator = "l’administrateur de votre plateforme Oplead";

const quoted = (reason: string): string => `message du programme : « ${reason} »`;

// `details`: the parameters of an issue.
function failed({ code, reason, details }: Parameters<(typeof DOCTOR_ANSWERS)["option_wrong"]>[0]): string {
  if (details === undefined) return Object.hasOwn(REASONS_FR, code) ? REASONS_FR[code as "timeout"] : quoted(reason);
  const said = inFrench({ code, parameters: details, message: reason });
  return said === reason ? quoted(reason) : said;
}

function failedAt(failure: Parameters<(typeof DOCTOR_ANSWERS)["queue_fails"]>[0]): string {
  return `${failure.place === undefined ? "" : `${failure.place} `}${failed(failure)}`;
}

type FieldAt = Parameters<(typeof DOCTOR_ANSWERS)["field_of_column"]>[0];

const inColumn = ({ column }: FieldAt): string => `colonne « ${column} »`;

const exampleOf = ({ from, to }: FieldAt): string => (to === "" ? "" : ` : « ${from} » → « ${to} »`);

export const DOCTOR_ANSWERS_FR: TextsLike<typeof DOCTOR_ANSWERS> = /* @__PURE__ */ french({
  node_fits: ({ version }) => version,
  node_too_old: ({ version }) => `${version} est trop ancien`,
  config_loaded: ({ file }) => file,
  config_unusable: failed,
  config_part_missing: "manque",
  option_wrong: failed,
  token_missing: failed,
  key_missing: "manque",
  package_installed: "est installé",
  package_missing: ({ name }) => `${name} ne peut pas être chargé, et il est nécessaire`,
  queue_in_clear: "garde des utilisateurs en clair dans Redis",
  queue_answers: "répond, et n’évince aucun utilisateur",
  queue_fails: failedAt,
  source_reads: ({ title, records }) =>
    `${title === undefined ? "" : `${title} : `}${records === 1 ? "le premier enregistrement est lisible et prêt" : `les ${number(records)} premiers enregistrements sont lisibles et prêts`} à l’envoi`,
  source_empty: ({ title }) => `${title === undefined ? "" : `${title} : `}il n’y a aucun enregistrement`,
  source_fails: (failure) =>
    `la lecture échoue : ${failure.place === undefined ? "" : `${failure.place} : `}${failed(failure)}`,
  source_throws: ({ error }) => `la lecture échoue (${error})`,
  source_warns: failed,
  field_of_column: (at) => `${inColumn(at)}, telle quelle${exampleOf(at)}`,
  field_of_function: (at) => `une fonction de la configuration${exampleOf(at)}`,
  field_of_always: (at) => `la même valeur pour chaque ligne${exampleOf(at)}`,
  field_of_prefix: (at) => `${inColumn(at)}, avec un préfixe${exampleOf(at)}`,
  field_of_values: (at) => `${inColumn(at)}, par une liste de valeurs${exampleOf(at)}`,
  field_of_postcode: (at) =>
    `${inColumn(at)} ; en France un zéro perdu est remis, espaces et signes sont retirés${exampleOf(at)}`,
  field_of_phone: (at) => `${inColumn(at)} ; en France un zéro perdu est remis${exampleOf(at)}`,
  field_of_e164: (at) => `${inColumn(at)} ; sous la forme +33612345678${exampleOf(at)}`,
  field_of_country: (at) => `${inColumn(at)} ; noms et minuscules deviennent des codes${exampleOf(at)}`,
  field_of_kilometres: (at) => `${inColumn(at)} ; l’unité et la virgule sont reconnues${exampleOf(at)}`,
  field_of_date: (at) => `${inColumn(at)} ; les dates deviennent 2026-01-31${exampleOf(at)}`,
  field_of_counties: (at) => `${inColumn(at)}, des numéros de départements ; un zéro perdu est remis${exampleOf(at)}`,
  field_of_codes: (at) => `${inColumn(at)}, un ou plusieurs codes${exampleOf(at)}`,
  field_of_notPerson: (at) => `les lignes qui ne sont pas des personnes, par ${inColumn(at)}${exampleOf(at)}`,
  columns_unused: ({ columns }) => `aucun champ n’utilise ${columns.map((column) => `« ${column} »`).join(", ")}`,
  records_invalid: ({ invalid, records, reason, row, path, issue }) => {
    const where = row === undefined ? "" : `ligne ${row} : `;
    const said =
      issue === undefined ? quoted(reason) : `${where}${path === undefined ? "" : `${path} `}${inFrench(issue)}`;
    const who =
      records === 1
        ? "le premier enregistrement ne peut pas être envoyé"
        : `${number(invalid)} des ${number(records)} premiers enregistrements ${plural(invalid, "ne peut pas être envoyé", "ne peuvent pas être envoyés")}`;
    return `${who} : ${said}`;
  },
  env_file_open: ({ file, mode }) => `${file} peut être lu par d’autres utilisateurs de cette machine (${mode})`,
  notify_missing: "aucune destination dans la configuration",
  sample_sent: "un essai a été envoyé",
  sample_not_sent: ({ reason }) => toldBy([ALERT_FAILURES_FR], reason),

  facts_fresh: ({ days }) => (days === 0 ? "datent d’aujourd’hui" : `datent de ${counted(days, "jour")}`),
  facts_undated: "n’ont pas de date utilisable",
  facts_old: ({ days }) => `datent de ${counted(days, "jour")}`,
  ledger_new: ({ path }) => `${path} n’existe pas encore : la première exécution le créera`,
  ledger_lost: ({ runs }) =>
    `n’a aucune exécution, et sa marque en a ${number(runs)} : il est sans doute perdu, ou c’est un autre`,
  ledger_opened: ({ path, platform }) =>
    `${path ?? "est joignable"}${platform === undefined ? "" : `, de ${platform}`}`,
  ledger_of_other_platform: ({ platform }) => `appartient à ${platform}, et ce client à une autre plateforme`,
  ledger_key_in_store: "garde sa clé dans son propre magasin : qui lit le magasin lit les deux",
  ledger_key_unusable: ({ problem }) =>
    `le fichier de sa clé, à côté de son dossier, ${
      { unreadable: "ne peut pas être lu", damaged: "est endommagé", not_made: "ne peut pas être écrit" }[problem]
    }`,
  ledger_in_use: () => "une autre exécution l’utilise",
  ledger_not_shared: "n’est pas partagé entre processus, comme la file d’attente le demande",
  ledger_unreadable: failed,
  runs_paused: ({ by, since, until }) =>
    `les exécutions sont en pause jusqu’au ${localTime(until, false)} : ${by} les a arrêtées le ${localTime(since, false)}`,
  pause_unreadable: failed,
  address_here: ({ origin }) => `${origin}, sur cette machine`,
  address_fits: ({ origin }) => origin,
  address_plain_http: ({ origin }) => `${origin} est en HTTP non chiffré : le jeton peut être lu en chemin`,
  address_of_lead_import: ({ host }) => `${host} sert à importer des leads : une autre API, avec un autre jeton`,
  address_not_documented: ({ host }) => `${host} n’est pas l’hôte documenté`,
  address_not_oplead: ({ host }) => `${host} n’est pas un hôte d’Oplead`,
  proxy_used: ({ variable }) => `${variable} est utilisée`,
  proxy_ignored: ({ variable }) => `${variable} est définie, et Node ne l’utilise pas de lui-même`,
  profiles_unknown: ({ profiles }) =>
    `cette plateforme ne connaît pas le profil ${profiles.join(", ")}, donc les lignes qui le portent ne sont pas valides`,
  oplead_answers: ({ profiles }) => `accepte le jeton ; profils : ${profiles.join(", ")}`,
  oplead_without_profiles: "répond, et n’indique aucun profil",
  oplead_fails: (failure) => {
    const status = failure.status === undefined ? "" : ` (${failure.status})`;
    if (failure.code === "not_found") return `l’adresse demandée n’y existe pas${status}`;
    return failed(failure).replace(/\.?$/, status);
  },
  oplead_is_fake: "la cible est un faux Oplead",
  clock_agrees: "à l’heure du serveur",
  clock_differs: ({ seconds }) =>
    `${seconds > 0 ? "avance" : "retarde"} de ${Math.abs(seconds)} s sur celle du serveur`,
  clock_unknown: "aucune réponse à laquelle la comparer",
});

const OTHER_SERVER = "Autre chose répond à cette adresse : vérifiez baseUrl et le proxy.";
const NETWORK = "Vérifiez le réseau, le pare-feu et le proxy de cette machine.";

const ERROR_FIXES: Readonly<Partial<Record<string, string>>> = {
  unauthorized: `Le jeton est faux ou expiré : demandez-en un autre à ${administrator}.`,
  forbidden: `Le jeton ne peut pas lire les profils : demandez ce droit à ${administrator}.`,
  not_found: OTHER_SERVER,
  unexpected_response: OTHER_SERVER,
  timeout: NETWORK,
  connection: NETWORK,
};

export const DOCTOR_FIXES_FR: TextsLike<typeof DOCTOR_FIXES> = /* @__PURE__ */ french({
  runs_paused: COMMAND_RUN_FR.pause_end_sooner,
  node_too_old: "Installez Node 20.19 ou plus récent.",
  config_part_missing: "Ajoutez cette option à la configuration.",
  token_missing: `Mettez OPLEAD_TOKEN dans l’environnement ou dans .env. Il est délivré par ${administrator}.`,
  ledger_not_shared: "Prenez redisLedger(redis) de oplead-sdk/redis.",
  queue_in_clear: "Définissez queue.encryptionKey (openssl rand -base64 32), ou queue.storeUsers: false et load.",
  source_empty: "Vérifiez le chemin ou l’adresse, et l’option items.",
  records_invalid:
    "La liste complète : npx oplead-sdk plan. Si map échoue, son message : npx oplead-sdk plan --only COMPTE --all --reveal",
  env_file_open: ({ file }) => `chmod 600 ${file}`,
  key_missing: "Ajoutez key: (row) => son numéro de compte, pour qu’une ligne dont map échoue en ait un aussi.",
  package_missing: ({ name, version }) => `npm install ${name}@${version}`,
  ledger_of_other_platform:
    "Utilisez un autre registre pour cette plateforme ; si elle a changé d’adresse : npx oplead-sdk ledger adopt",
  ledger_lost:
    "Retrouvez-le avant la prochaine exécution. S’il est perdu, importez ses ID : npx oplead-sdk ledger import ids.csv",
  ledger_key_in_store:
    'Donnez une clé au registre : ledgerKey: env("OPLEAD_LEDGER_KEY"), un secret de openssl rand -base64 32. Rien n’est renvoyé.',
  ledger_key_unusable:
    "Remettez le fichier en place, ou supprimez-le : l’exécution suivante en créera une. Rien n’est renvoyé.",
  address_plain_http: "Écrivez https://.",
  address_of_lead_import: `Utilisez ${DOCUMENTED_ADDRESS}.`,
  address_not_documented: `L’hôte documenté est ${DOCUMENTED_ADDRESS}.`,
  address_not_oplead: `Si ce n’est pas un proxy à vous, utilisez ${DOCUMENTED_ADDRESS}.`,
  proxy_ignored:
    "Définissez NODE_USE_ENV_PROXY=1 (Node 22.21, ou 24 et plus récent), ou donnez à client.fetch une fonction qui passe par le proxy.",
  profiles_unknown: "Mettez dans la configuration des profils de la plateforme : la vérification Oplead les donne.",
  oplead_without_profiles: `Demandez à ${administrator}.`,
  oplead_fails: ({ code }) => ERROR_FIXES[code] ?? `Réessayez plus tard ; si cela dure, demandez à ${administrator}.`,
  clock_differs: "Réglez-la par NTP.",
  facts_undated: "Réglez l’horloge, puis interrogez de nouveau la plateforme : npx oplead-sdk probe",
  facts_old: "Voyez ce qui a changé depuis : npx oplead-sdk probe --compare",
});
