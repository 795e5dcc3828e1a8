import { type TextsLike, toldBy } from "../coded.ts";
import type { GUARD, RowsOf, SAVED, STOPS, SYNC_OPTIONS, WARNINGS } from "../en/sync.ts";
import { isToRepair, joinParts, localTime, namesOf } from "../grammar.ts";
import { FILE_LEDGER_FR, PAUSE_FR, REDIS_FR } from "./failures.ts";
import { REASONS_FR } from "./report.ts";
import { counted, date, duration, french, number, percent, plural, some } from "./words.ts";

export const SYNC_OPTIONS_FR: TextsLike<typeof SYNC_OPTIONS> = /* @__PURE__ */ french({
  not_mark: "doit être le ledgerMark d’un rapport",
  not_records: "doit être un itérable, un itérable asynchrone, ou une fonction qui en renvoie un",
  several_sources:
    "est une liste de sources : mettez leurs enregistrements bout à bout avec concatSources(a, b), ou cherchez l’une dans l’autre avec " +
    "joinSources(a, { with: b, on, as })",
  not_since: "demande les changements à la source, qui doit donc être une fonction : ({ since }) => …",
  first_run_gone:
    "n’est plus une option : une première exécution s’approuve par le code de son plan, comme tout plan refusé. npx oplead-sdk sync affiche " +
    "la commande, npx oplead-sdk sync --approve CODE ; dans un programme : plan.apply({ approve })",
  not_plan_hash: "doit être le code d’un plan, ou un plan tel qu’il a été enregistré",
  not_time: "doit être une Date",
  time_over: "doit être dans le futur",
  time_too_far: "doit être dans 30 jours au plus",
  not_account_numbers: "doit être une liste de numéros de compte",
  not_policies: "doit être une liste de règles de couverture : { name, judge }",
  needs_coverage: "exige coverage, qui dit où sont les utilisateurs et quels leads existent",
  policy_failed: ({ error, at }) => `a échoué : ${error}${at === undefined ? "" : ` (${at})`}`,
});

export const SAVED_FR: TextsLike<typeof SAVED> = /* @__PURE__ */ french({
  not_saved_plan: "doit être le JSON d’un plan, tel que JSON.stringify(plan) l’écrit",
  other_form: ({ version, current }) =>
    `a été enregistré sous la forme ${version}, et cette version du paquet lit la forme ${current} : refaites le plan`,
  altered_plan: "a été modifié après son enregistrement : refaites le plan",
});

const inColumn = ({ column }: RowsOf): string => `Colonne « ${column} »`;

function rowsNamed({ rows, more }: RowsOf): string {
  if (rows.length === 0) return "";
  return `, ${plural(rows.length + more, "ligne", "lignes")} ${some(rows, more)}`;
}

export const WARNINGS_FR: TextsLike<typeof WARNINGS> = /* @__PURE__ */ french({
  source_file: ({ file }) =>
    `${file} est lu à la place de la source : les versions ne sont pas comparées, et aucun utilisateur n’est compté comme absent. La prochaine exécution ` +
    "sans ce fichier enverra de nouveau ce que dit la source : corrigez d’abord la source, ou mettez les exécutions en pause.",
  value_not_in_config: (found) =>
    `${inColumn(found)} : « ${found.value} » ${counted(found.count, "fois", "fois")}${rowsNamed(found)} : absent de la configuration.`,
  rows_left_out: (found) =>
    `${counted(found.count, "ligne écartée", "lignes écartées")} par \`skip\`${found.column === "" ? "" : `, colonne « ${found.column} »`}${rowsNamed(found)}.`,
  postcodes_completed: (found) =>
    `${inColumn(found)} : ${counted(found.count, "code postal complété", "codes postaux complétés")} par un zéro perdu${rowsNamed(found)}.`,
  postcodes_cleaned: (found) =>
    `${inColumn(found)} : ${counted(found.count, "code postal débarrassé", "codes postaux débarrassés")} d’espaces ou de signes${rowsNamed(found)}.`,
  phones_completed: (found) =>
    `${inColumn(found)} : ${counted(found.count, "numéro de téléphone complété", "numéros de téléphone complétés")} par un zéro perdu${rowsNamed(found)}.`,
  phones_unified: (found) =>
    `${inColumn(found)} : ${counted(found.count, "numéro de téléphone mis", "numéros de téléphone mis")} sous la forme +33612345678${rowsNamed(found)}.`,
  countries_recoded: (found) =>
    `${inColumn(found)} : ${counted(found.count, "pays remplacé", "pays remplacés")} par le code${rowsNamed(found)}.`,
  distances_read: (found) =>
    `${inColumn(found)} : ${counted(found.count, "distance lue", "distances lues")} comme un nombre de kilomètres${rowsNamed(found)}.`,
  counties_completed: (found) =>
    `${inColumn(found)} : ${counted(found.count, "liste", "listes")} de départements à deux chiffres chacun${rowsNamed(found)}.`,
  profiles_not_checked: ({ code }) =>
    `Les profils des utilisateurs n’ont pas été vérifiés : \`listUserProfiles\` a échoué (${code}).`,
  no_profiles: "Oplead n’indique aucun profil : ceux des utilisateurs n’ont pas été vérifiés.",
  zip_codes_not_checked: ({ country, code }) =>
    `Les codes postaux de ${country} n’ont pas été vérifiés : \`getCountry\` a échoué (${code}).`,
  suspicious_data: ({ count, paths }) =>
    `${counted(count, "ligne à envoyer semble fausse", "lignes à envoyer semblent fausses")} (${paths.join(", ")}) : voyez la liste des données suspectes.`,
  damaged_entries: (users) =>
    `Entrées endommagées dans le registre : ${counted(users.count, "utilisateur")} (${namesOf(users)}). Ceux de la source seront ` +
    "cherchés par leur numéro de compte et renvoyés.",
  unreadable_fingerprints: (users) =>
    `Empreintes du registre qu’aucune clé connue ne lit : ${counted(users.count, "utilisateur")} (${namesOf(users)}). On ne sait pas quels ` +
    "champs ont changé. Les envois restent les mêmes, et une exécution complète les réécrit. Si vous avez la clé qui les a faites, " +
    "ajoutez-la après celle qui écrit (`ledgerKey`), ou remettez son fichier en place.",
  ledger_key_unusable: ({ problem }) =>
    `Le registre ne dispose d’aucune clé utilisable : le fichier de sa clé, à côté de son dossier, ${
      { unreadable: "ne peut pas être lu", damaged: "est endommagé", not_made: "ne peut pas être écrit" }[problem]
    }. On ne sait pas quels champs ont changé, ni qui a reçu un autre numéro de compte. Les envois restent les mêmes. Remettez le fichier en ` +
    "place, ou donnez une clé (`ledgerKey`).",
  incomparable_versions: (users) =>
    `Versions impossibles à comparer avec celles du registre : ${counted(users.count, "utilisateur")} (${namesOf(users)}), par exemple un ` +
    "nombre et une date. L’état de la source est tenu pour le plus récent.",
  unknown_parents: (users) =>
    `${counted(users.count, "utilisateur")} dont le responsable n’est connu ni de la source ni du registre : ${namesOf(users)}.`,
  missing_unsure: ({ records }) =>
    `La source contient ${counted(records, "enregistrement")} sans numéro de compte : chaque utilisateur qui semble absent peut en être un, et ` +
    "son départ est dit incertain. L’option `key` donne le numéro de compte quand `map` échoue.",
  sent_again: ({ count, at }) =>
    `${counted(count, "utilisateur est renvoyé", "utilisateurs sont renvoyés")} après l’exécution du ${localTime(at, false)}, interrompue ou restée sans réponse.`,
  many_left: ({ count, population, segment }) =>
    `${inSegment(segment)}${number(count)} ${plural(population, "utilisateur", "utilisateurs")} sur ${number(population)} ont quitté la source depuis la dernière exécution.`,
  read_again:
    "Une partie de ce qui a été lu n’est pas arrivée : la prochaine exécution demandera les changements depuis la même date.",
  leaver_rules_stay: (users) =>
    `${counted(users.count, "utilisateur")} de retour dans la source après le délai, avec dans Oplead des règles que la source ne donne ` +
    `pas (${namesOf(users)}). Si \`leavers.rules\` les a posées, donnez ces règles une fois dans la source.`,
  too_soon: ({ agoMs }) =>
    `La dernière exécution s’est terminée il y a ${duration(agoMs)}, et ce client n’a pas de limite de débit. Le guide conseille ` +
    "une synchronisation par jour si les appels ne sont pas limités : définissez `rateLimit`.",
  perhaps_moved: ({ missing, added }) =>
    `${counted(missing, "absent")}, ${counted(added, "nouveau", "nouveaux")} : les mêmes personnes sous un autre numéro ? Indiquez-le d’abord (npx oplead-sdk ledger ` +
    "move). Le registre ne contient pas les empreintes des absents, qui permettraient de les reconnaître.",
  ledger_shrank: ({ now, before }) =>
    `Le registre a rétréci : ${counted(now, "entrée")}, contre ${number(before)} après la dernière exécution. Les utilisateurs sans ` +
    "entrée seront cherchés par leur numéro de compte et renvoyés. Si rien n’a été supprimé exprès, vérifiez le stockage.",
  first_run_goes_on: ({ at, users }) =>
    `La première exécution approuvée le ${date(at)} se poursuit : ${counted(users, "utilisateur")} ${plural(users, "est", "sont")} comme dans le plan approuvé ; le garde-fou ` +
    "ne les compte pas.",
  too_few_to_judge: ({ affected, comparable, minUsers }) =>
    `${counted(affected, "utilisateur change ou est absent", "utilisateurs changent ou sont absents")}, sur ${number(comparable)}. Le garde-fou ne calcule pas de pourcentage en dessous de ` +
    `${number(minUsers)} utilisateurs (guard.minUsers). Lisez le plan avant de l’appliquer.`,
  nothing_to_compare: ({ entries }) =>
    `Le garde-fou n’a rien à comparer, car le registre ${entries === 0 ? "est vide" : "ne contient que des ID"}. Lisez le plan ` +
    "avant de l’appliquer.",
  answer_differs: (users) =>
    `La réponse d’Oplead donne d’autres valeurs que celles envoyées (${users.fields.join(", ")}) pour ${counted(users.count, "utilisateur")} sans changement : ${namesOf(users)}. ` +
    "Soit Oplead écrit ces valeurs à sa façon, soit il ne les accepte pas.",
  not_to_send: (users) =>
    `Rien à envoyer pour ${counted(users.count, "numéro de compte", "numéros de compte")} de l’option only : ${namesOf(users)}. Ils sont inchangés, ne ` +
    "peuvent pas être envoyés, ou ne sont pas dans la source.",
  on_missing_failed: (users) =>
    `\`onMissing\` a échoué pour ${counted(users.count, "utilisateur")} (${namesOf(users)}) : ${users.errors.join(", ")}. La prochaine exécution ` +
    "l’appellera de nouveau.",
});

export const GUARD_FR: TextsLike<typeof GUARD> = /* @__PURE__ */ french({
  empty_source: ({ population }) =>
    `La source n’a donné aucun utilisateur, alors que le registre en contient ${number(population)}.`,
  mass_new: ({ added, population, limit, minUsers, isTrial, segment }) =>
    `${inSegment(segment)}${counted(added, "utilisateur serait créé", "utilisateurs seraient créés")}, et le registre en contient ${number(population)} ; la limite est de ${percent(limit)} ` +
    `(guard.maxNew), mais d’au moins ${number(minUsers)} (guard.min${segment === undefined ? "" : "Segment"}Users). Oplead ne documente aucun moyen de retirer un utilisateur. ` +
    (isTrial
      ? "Aucune exécution complète ne s’est terminée avec ce registre : si ses utilisateurs sont ceux d’un essai, c’est la première exécution. Alors, approuvez le plan."
      : "S’ils sont corrects, approuvez le plan."),
  mass_invalid: ({ invalid, population, limit, segment, fields }) =>
    `${inSegment(segment)}Pour ${number(invalid)} des ${counted(population, "utilisateur")} que le registre connaît, l’enregistrement n’est pas valide, ou plusieurs se contredisent ; la limite est ` +
    `de ${percent(limit)} (guard.maxInvalid). ${fields.length === 0 ? "" : `Presque tous ont un problème dans ${fields.join(", ")}. `}Une colonne a-t-elle été renommée ou vidée ?`,
  field_gone: ({ field, users }) =>
    `Les ${number(users)} utilisateurs de la source présents dans Oplead avaient tous le champ ${field}, et aucun ne l’a plus : une colonne a-t-elle été renommée ou vidée ? Si c’est voulu, ` +
    "approuvez le plan.",
  older_file: ({ changed, before }) =>
    `Le fichier date du ${date(changed)}, et la dernière exécution en a lu un du ${date(before)} : est-ce un ancien fichier ? Si c’est voulu, approuvez le plan.`,
  older_values: ({ users, day }) =>
    `${counted(users, "utilisateur redeviendrait ce qu’il était", "utilisateurs redeviendraient ce qu’ils étaient")} avant le ${date(day)} : est-ce un ancien fichier ? Si c’est voulu, approuvez le plan.`,
  mass_twins: ({ count, population, examples }) =>
    `${counted(count, "nouvel utilisateur a", "nouveaux utilisateurs ont")} l’identifiant ou l’adresse e-mail d’un utilisateur déjà présent dans Oplead, pour ${counted(population, "utilisateur")} au registre (${namesOf({ count, examples })}) ; ` +
    "plus de 50, et plus de 5 %, c’est un accident. Tout le monde a-t-il reçu un nouveau numéro de compte ? Déplacez-les d’abord : npx oplead-sdk ledger move --file FICHIER. Si vous " +
    "approuvez le plan, tous les autres sont envoyés et ceux-ci sont laissés de côté.",
  move_unknown: (moves) =>
    `Déplacements dont le registre ne connaît pas d’ID Oplead pour l’ancien numéro de compte : ${number(moves.count)} (${namesOf(moves)}). Corrigez-les, ou ` +
    "retirez-les.",
  move_occupied: (moves) =>
    `Déplacements vers un numéro de compte sous lequel le registre connaît un autre utilisateur : ${number(moves.count)} (${namesOf(moves)}). Corrigez-les, ou ` +
    "retirez-les.",
  move_in_source: (moves) =>
    `Déplacements dont l’ancien numéro de compte est encore dans la source : ${number(moves.count)} (${namesOf(moves)}). Rien ne serait envoyé pour ces ` +
    "enregistrements. Déplacez ces utilisateurs quand la source contient leurs nouveaux numéros. L’ancien numéro est à une autre personne ? Alors : oplead " +
    "ledger move, oplead ledger forget.",
  mass_change: ({ changed, missing, comparable, limit, segment }) =>
    `${inSegment(segment)}${counted(changed + missing, "utilisateur change ou est absent", "utilisateurs changent ou sont absents")}, sur ${number(comparable)} : ` +
    `${percent((changed + missing) / comparable)} (${joinParts([changed !== 0 && counted(changed, "changé"), missing !== 0 && counted(missing, "absent")])}) ; la limite est de ${percent(limit)} (guard.maxChanged).`,
  mass_move: ({ moved, comparable, limit, segment }) =>
    `${inSegment(segment)}${counted(moved, "utilisateur aurait", "utilisateurs auraient")} un autre profil ou un autre responsable, sur ${number(comparable)} : ` +
    `${percent(moved / comparable)} ; la limite est de ${percent(limit)} (guard.maxMoved).`,
  mass_missing: ({ missing, comparable, limit, segment }) =>
    `${inSegment(segment)}${counted(missing, "utilisateur est absent", "utilisateurs sont absents")}, sur ${number(comparable)} : ` +
    `${percent(missing / comparable)} ; la limite est de ${percent(limit)} (guard.maxMissing).`,
  segment_gone: ({ segment, users }) =>
    `Le segment ${segment} n’apparaît plus dans la source, alors qu’Oplead en contient ${counted(users, "utilisateur")} : a-t-il été oublié ou renommé ? Si c’est ` +
    "voulu, approuvez le plan.",
  first_run: ({ added, minUsers, runsBefore }) =>
    `Le registre ne connaît aucun utilisateur d’Oplead, et ${counted(added, "utilisateur serait envoyé", "utilisateurs seraient envoyés")} ; la limite est de ${number(minUsers)} (guard.minUsers). ` +
    (runsBefore === 0
      ? ""
      : `Selon sa marque, ${counted(runsBefore, "exécution s’est terminée", "exécutions se sont terminées")} ici : il a sans doute été perdu, ou ce n’est pas le bon. `) +
    "À la première exécution, c’est normal : approuvez le plan. Sinon, vérifiez où se trouve le registre.",
  ledger_shrunk: ({ now, before }) =>
    `Le registre a perdu des entrées : il en reste ${number(now)} sur ${number(before)} après la dernière exécution. Les utilisateurs ` +
    "sans entrée seraient renvoyés, et rien ne dit ce qui a changé chez eux. Vérifiez le stockage.",
  ledger_copied: ({ host }) =>
    `Une exécution sur ${host} s’est terminée depuis la dernière de ce registre : il en existe deux copies, ou celle-ci vient d’une sauvegarde. ` +
    "Ce qu’elle dit d’un utilisateur peut être périmé. Laissez une seule copie faire toutes les exécutions ; si c’est celle-ci, renvoyez chaque utilisateur avec `resend`.",
  ledger_restored: ({ known, ended }) =>
    `Le registre ${known < ended ? `connaît ${counted(known, "exécution")}, et ${number(ended)} ${plural(ended, "s’est terminée", "se sont terminées")} avec lui` : "a perdu ses dernières écritures"} : ` +
    "c’est une copie plus ancienne, d’une sauvegarde ou après une bascule. Ce qu’il dit d’un utilisateur peut être périmé. Renvoyez " +
    "chaque utilisateur avec `resend`.",
  other_plan:
    "L’approbation porte sur un autre plan : la source ou le registre a changé depuis, ou il a été fait pour une autre plateforme ou " +
    "avec un autre réglage du mode test. Lisez celui-ci.",
  other_platform: ({ saved, current }) => `Le plan enregistré est pour ${saved}, et ce client envoie à ${current}.`,
  other_test_mode: ({ saved }) =>
    saved
      ? "Le plan enregistré a été fait en mode test, et ce client écrirait."
      : "Le plan enregistré a été fait pour une vraie exécution, et ce client est en mode test.",
});

const CHECK: Readonly<Record<string, string>> = {
  connection: " Vérifiez `baseUrl`, le réseau, le proxy (HTTPS_PROXY) et le certificat (NODE_EXTRA_CA_CERTS).",
  unexpected_response: " Vérifiez `baseUrl`, le proxy (HTTPS_PROXY) et `platform.fields.id`.",
  not_found: " Vérifiez `baseUrl`.",
};

export const STOPS_FR: TextsLike<typeof STOPS> = /* @__PURE__ */ french({
  first_failed: ({ code }) =>
    `L’exécution s’est arrêtée avant qu’un utilisateur soit accepté, car tous échoueraient pour cette raison. ${Object.hasOwn(REASONS_FR, code) ? REASONS_FR[code as "timeout"] : code}${CHECK[code] ?? ""}`,
  refused_alike: ({ users, status, fields }) =>
    `Oplead a refusé ${number(users)} utilisateurs de suite pour la même raison (${status})${fields.length > 0 ? ` et nomme ${fields.join(", ")}` : ""} : ` +
    `corrigez-la dans le mapping${fields.includes("parentUserIdentifier") ? " : Oplead doit connaître ce parent par son numéro de compte ou son ID, avec un profil au-dessus de celui de l’utilisateur" : ""}. ` +
    "Si la plateforme nomme un champ autrement ou en demande un autre, oplead probe le cite pour `platform.fields` ou " +
    "`platform.customFields`. Puis : npx oplead-sdk retry --held.",
  token_unavailable: ({ calls }) =>
    `${calls} appels de suite sont restés sans jeton d’API : la fonction qui le fournit n’en a pas donné. Rétablissez le service qu’elle interroge et relancez l’exécution.`,
  unauthorized: "Oplead refuse le jeton d’API. Renouvelez-le et relancez l’exécution.",
  connection: ({ calls }) =>
    `${calls} appels de suite sont restés sans réponse. Vérifiez le réseau et Oplead, puis relancez l’exécution.`,
  server_error: ({ calls }) =>
    `${calls} appels de suite ont reçu une erreur de serveur : Oplead est en panne. La prochaine exécution réessaiera.`,
  unexpected_response: ({ calls }) =>
    `${calls} réponses de suite ne viennent pas d’Oplead, mais par exemple d’un proxy. Vérifiez \`baseUrl\` et le ` +
    "réseau, puis relancez l’exécution.",
  runs_paused: ({ by, since, until }) =>
    `Les exécutions sont en pause jusqu’au ${localTime(until, false)} : ${by} les a arrêtées le ${localTime(since, false)}. Ce qui n’est pas ` +
    "envoyé attend jusque-là ; webhooks et workers continuent. Pour y mettre fin plus tôt : npx oplead-sdk pause --off.",
  told_to_wait: ({ ms }) =>
    `Oplead demande une pause de ${duration(ms)} (429 avec Retry-After). La prochaine exécution vérifiera si elle est terminée.`,
  too_many_failures: ({ failed, calls, last }) =>
    `${failed} des ${calls} derniers appels ont échoué, le dernier avec ${last}. Regardez les échecs, corrigez ce qu’ils ont en ` +
    "commun, et relancez l’exécution.",
  ledger_failed: (failure) => {
    const remedy = " Sans lui, rien ne peut être noté. Rétablissez-le et relancez l’exécution.";
    return saidOf(failure, "Le registre est en panne") + (isToRepair(failure.issue) ? remedy : "");
  },
  queue_unavailable: (failure) =>
    `${saidOf(failure, "La file d’attente est en panne")} Rétablissez-la et relancez l’exécution.`,
});

// The words of an error without an issue are English.
function saidOf({ problem, issue }: Parameters<(typeof STOPS)["ledger_failed"]>[0], what: string): string {
  const quoted = `${what} ; message du programme : « ${problem} ».`;
  return issue === undefined ? quoted : toldBy([FILE_LEDGER_FR, REDIS_FR, PAUSE_FR], { ...issue, message: quoted });
}

function inSegment(segment: string | undefined): string {
  return segment === undefined ? "" : `Segment ${segment} : `;
}
