import type { TextsLike } from "../coded.ts";
import type {
  FailedStep,
  FIELDS,
  LABELS,
  LeaverState,
  OVERVIEW,
  PlanHeadline,
  RunStatus,
  Waits,
} from "../en/overview.ts";
import { segmentsText } from "../en/overview.ts";
import { joinParts, localTime, namesOf } from "../grammar.ts";
import { all, counted, date, duration, french, listed, number, people, percent, plural, radius } from "./words.ts";

export const OVERVIEW_FR: TextsLike<typeof OVERVIEW> = /* @__PURE__ */ french({
  heading: ({ title }) => `${title} :`,
  separator: " ; ",
  plan: ({ hash, records, testMode }) =>
    `plan ${hash} : ${counted(records, "enregistrement")}${testMode ? " (mode test)" : ""}`,
  headline: ({ refusedBy, ...counts }) =>
    joinParts(
      [
        planCounts(counts),
        ...(refusedBy === undefined
          ? []
          : [`refusé par ${refusedBy === "guard" ? "le garde-fou" : "une règle de couverture"}`]),
      ],
      " · ",
    ),
  report: ({ status, testMode, durationMs }) =>
    `synchronisation ${named(STATUS, status)}${testMode ? " (mode test : rien n’a été enregistré)" : ""}, ${duration(durationMs)}`,
  no_report: ({ isRefused, time }) =>
    `synchronisation ${isRefused ? "refusée" : "en échec"} : rien n’a été envoyé, ${localTime(time)}`,
  changed: ({ fields }) => `à mettre à jour${fields === "" ? "" : ` : ${fields}`}`,
  created: ({ amount, testMode }) =>
    testMode ? plural(amount, "serait créé", "seraient créés") : plural(amount, "créé", "créés"),
  updated: ({ amount, testMode }) =>
    testMode ? plural(amount, "serait mis à jour", "seraient mis à jour") : "mis à jour",
  refreshed: ({ users, days, run }) =>
    `sur ${counted(users, "utilisateur")}, ${run === "done" ? "confirmés" : "à confirmer"} sans changement (chacun l’est tous les ${counted(days, "jour")})`,
  moved: ({ amount }) =>
    plural(amount, "passe à un nouveau numéro de compte", "passent à de nouveaux numéros de compte"),
  leavers: ({ amount, due, perhaps }) => {
    const parts = joinParts([
      due !== 0 && `délai écoulé pour ${number(due)}`,
      perhaps !== 0 && `incertain pour ${number(perhaps)}`,
    ]);
    return `${plural(amount, "absent", "absents")} de la source (aucun utilisateur n’est retiré)${parts && ` : ${parts}`}`;
  },
  rules_to_set: ({ rules }) => `règles à envoyer : ${rules}`,
  needs: ({ requests, durationMs }) => {
    const time =
      durationMs === undefined ? "" : durationMs < 1_000 ? "moins de 1 s" : `environ ${duration(durationMs)}`;
    return `${counted(requests, "requête")}${time === "" ? "" : `, ${time}`}`;
  },
  only: ({ amount }) => `n’envoie que ${counted(amount, "utilisateur nommé", "utilisateurs nommés")}`,
  limit: ({ amount }) => `envoie au plus ${counted(amount, "utilisateur")}`,
  really_new: ({ users }) => `vraiment nouveaux, comme indiqué : ${users}`,
  areas_lost: ({ places, inhabitants, isForSome }) =>
    `${inhabitants === 0 ? "" : `${people(inhabitants)} de `}${counted(places, "code postal", "codes postaux")} ${plural(inhabitants || places, "perd son", "perdent leur")} dernier utilisateur${isForSome ? " pour certains leads" : ""}`,
  in_segments: ({ segments }) => `De même pour ${listed(segmentsText(segments, percent), "and", segments.length)}.`,
  changed_since: ({ time }) => `lit ce qui a changé depuis ${localTime(time)}`,
  problems: ({ all, fresh }) =>
    `${counted(all, "problème")}, ${fresh === 0 ? "aucun nouveau" : `dont ${counted(fresh, "nouveau", "nouveaux")}`}`,
  still_open: ({ fresh, count, names }) =>
    `${fresh === 0 ? "Rien de nouveau ; toujours" : "Toujours"} ${counted(count, "non envoyé", "non envoyés")} : ${listed(names, "and", count)}.`,
  requests: ({ requests, retries }) =>
    counted(requests, "requête") + (retries > 0 ? `, dont ${number(retries)} pour rattraper des échecs` : ""),
  run: ({ run, plan }) => `exécution ${run}${plan === "" ? "" : `, plan ${plan}`}`,
  rule_change: ({ name, unit, was, now }) => {
    const before = was === undefined ? " (avant : inconnu)" : was === null ? " (avant : rien)" : "";
    const values = was === undefined || was === null ? now : `${was} → ${now}`;
    return `${name} ${values}${unit === "km" ? " km" : ""}${before}`;
  },
  rule_difference: ({ name, added, removed }) =>
    `${name} : ${joinParts([added !== "" && `+ ${added}`, removed !== "" && `− ${removed}`], " ; ")}`,
  rule_parts: ({ countries, counties, postcodes, codes }) =>
    joinParts([
      countries.length !== 0 && all(countries),
      counties.length !== 0 && placesNamed(counties, "département", "départements"),
      postcodes.length !== 0 && placesNamed(postcodes, "code postal", "codes postaux"),
      codes.length !== 0 && all(codes),
    ]),
  rule_values: ({ count }) => counted(count, "valeur"),
  no_rule_values: "rien",
  radii: ({ count }) => counted(count, "rayon change", "rayons changent"),
  radii_alike: ({ count, from, to }) => `${counted(count, "rayon passe", "rayons passent")} de ${from} à ${to} km`,
  radii_of: ({ count, from, to }) => `de ${from} à ${to} km pour ${number(count)}`,
  radii_rest: ({ from, to }) => `de ${from} à ${to} km pour les autres`,
  radii_new: ({ count, to }) => `nouveau, ${to} km, pour ${number(count)}`,
  radius_range: ({ low, high }) => (low === high ? radius(low) : `${radius(low)}–${radius(high)}`),
  before_unknown: ({ count }) => `valeur d’avant inconnue pour ${number(count)}`,
  rules_change: ({ name, count }) => `${name} de ${counted(count, "utilisateur")}`,
  value_added: ({ name, count }) => `ajout de ${name} pour ${number(count)}`,
  value_removed: ({ name, count }) => `retrait de ${name} pour ${number(count)}`,
  more_added: ({ count }) => `ajout de ${counted(count, "autre valeur", "autres valeurs")}`,
  more_removed: ({ count }) => `retrait de ${counted(count, "autre valeur", "autres valeurs")}`,
  fields_change: ({ fields }) => `Champs qui changent : ${listed(fields)}`,
  field_for: ({ name, count }) => `${name} pour ${number(count)}`,
  cause: ({ what, parts }) => `${what}${parts.length === 0 ? "" : ` : ${parts.join(", ")}`}`,
  record: ({ number }) => `enregistrement ${number}`,
  rows: ({ count }) => counted(count, "ligne"),
  in_rows: ({ text, count, names }) => `${text} : ${listed(names, "and", count)}`,
  row: ({ number }) => `ligne ${number}`,
  moved_from: ({ from }) => `déplacé de ${from}`,
  waited_for: ({ because, count, examples }) =>
    `${named(BECAUSE, because)} : ${number(count)} ${plural(count, "personne l’attend", "personnes l’attendent")} (${namesOf({ count, examples })})`,
  depends: ({ step, on }) => `${stepName(step)} : dépend de ${on}, que seule cette exécution créerait`,
  and_more: ({ text, more, values }) =>
    `${text}, et ${number(more)} de plus${values.length === 0 ? "" : ` : ${values.join(", ")}${more > values.length ? ", …" : ""}`}`,
  sent_since: ({ day }) => `connu, envoyé ainsi depuis le ${date(day)}`,
  refusal: refusalText,
  held_since: ({ day, ...refusal }) => `${refusalText(refusal)} depuis le ${date(day)}`,
  failed_step: ({ held, ...refusal }) => `${refusalText(refusal)}${held ? ", en attente de correction" : ""}`,
  missing_since: ({ state, day, days }) =>
    `${named(LEAVERS, state)} : absent depuis le ${date(day)}${days > 0 ? `, ${counted(days, "jour")}` : ""}`,
  still_named: ({ count }) => `encore le responsable de ${counted(count, "utilisateur")}`,
  move_unknown: "Le registre ne connaît pas d’ID Oplead pour l’ancien numéro de compte : non déplacé.",
  move_occupied: "Le registre connaît un autre utilisateur sous le nouveau numéro de compte : non déplacé.",
  users: ({ amount, sent }) => `${counted(amount, "utilisateur")} : ${sent}`,
  one_user: ({ name, sent }) => `${name} : ${sent}`,
  for_example: ({ users }) => `par exemple ${users}`,
  more: ({ amount }) => `… et ${number(amount)} de plus`,
});

const NAMED = 3;

function placesNamed(items: readonly string[], one: string, many: string): string {
  const { length } = items;
  return length > NAMED ? counted(length, one, many) : `${plural(length, one, many)} ${all(items)}`;
}

export const FIELDS_FR: TextsLike<typeof FIELDS> = /* @__PURE__ */ french({
  accountNumber: "numéro de compte",
  civility: "civilité",
  lastname: "nom",
  firstname: "prénom",
  login: "identifiant",
  email: "adresse e-mail",
  phone: "téléphone",
  mobile: "portable",
  company: "société",
  address: "adresse",
  street: "rue",
  zipCode: "code postal",
  city: "ville",
  country: "pays",
  profile: "profil",
  parentUserIdentifier: "responsable",
});

const STATUS: Readonly<Record<RunStatus, string>> = {
  complete: "complète",
  partial: "partielle",
  stopped: "arrêtée",
  paused: "en pause",
  aborted: "interrompue",
};

const LEAVERS: Readonly<Record<LeaverState, string>> = {
  grace: "délai en cours",
  due: "délai écoulé",
  done: "traité",
  perhaps: "incertain",
};

export function planCounts({ added, changed, again, moved, gone }: Omit<PlanHeadline, "refusedBy">): string {
  return (
    joinParts([
      added !== 0 && counted(added, "création"),
      changed !== 0 && counted(changed, "mise à jour", "mises à jour"),
      again !== 0 && `${number(again)} à renvoyer`,
      moved !== 0 && counted(moved, "changement de numéro", "changements de numéro"),
      gone !== 0 && counted(gone, "départ"),
    ]) || "rien à envoyer"
  );
}

const BECAUSE: Readonly<Record<Waits, string>> = {
  invalid: "n’est pas valide",
  held: "est refusé par Oplead",
  duplicate: "figure sur plusieurs lignes différentes",
  twin: "est peut-être une personne qu’Oplead connaît déjà",
  stale: "est plus ancien que dans Oplead",
  failed: "n’a pas pu être envoyé",
  unknown: "ne figure ni dans la source ni dans le registre",
  not_sent: "n’a pas été envoyé par cette exécution",
};

// A newer version may have more states, which are shown as they are.
function named<State extends string>(names: Readonly<Record<State, string>>, state: State): string {
  return names[state] ?? state;
}

// Other codes are rare.
const ANSWERS: Readonly<Record<string, string>> = {
  refused: "refusé",
  conflict: "déjà pris par un autre utilisateur",
  not_found: "introuvable",
  forbidden: "non permis au jeton",
  unauthorized: "jeton refusé",
  rate_limited: "trop de requêtes",
  server_error: "erreur interne d’Oplead",
  unexpected_response: "réponse illisible",
  connection: "Oplead injoignable",
  timeout: "pas de réponse à temps",
  deadline: "délai dépassé",
  aborted: "interrompu",
  ambiguous_creation: "création incertaine",
  ledger_unavailable: "registre en panne",
};

function refusalText({ what, code, status, takenBy }: FailedStep): string {
  const answer = `${ANSWERS[code] ?? code}${status === undefined ? "" : ` (${status})`}`;
  return `${what} : ${answer}${takenBy === undefined ? "" : `, ${takenBy}`}`;
}

function stepName(step: string): string {
  return step === "user" ? "utilisateur" : step;
}

// A label follows a number, which may be 1, so its words fit one user and many.
export const LABELS_FR: TextsLike<typeof LABELS> = /* @__PURE__ */ french({
  new: "à créer",
  unknown_field: "champ inconnu",
  again: "à renvoyer, car on ne sait pas si le dernier envoi est arrivé",
  unchanged: "sans changement",
  incomplete: "dans Oplead, mais sans toutes les règles",
  failed: "en échec",
  skipped: "sans envoi",
  unverifiable: "sans vérification possible : seule cette exécution créerait l’utilisateur dont elle dépend",
  held: "en attente de correction : refus précédent, et aucun changement depuis",
  suspicious: "à vérifier",
  not_shown: "[masqué]",
  waiting: "en attente d’un responsable qui n’est pas dans Oplead",
  invalid: "avec des données non valides",
  duplicate: "dont le numéro de compte figure sur plusieurs lignes",
  stale: "dans un état plus ancien que celui d’Oplead",
  ignored: "à laisser de côté",
  not_selected: "à laisser de côté pour cette exécution (only ou limit)",
  not_approved: "non approuvés, donc non envoyés",
  resend: "renvoie ce qui est déjà dans Oplead d’après le registre",
  leaver_rules: "avec les règles des départs",
  doubted: "renvoyé, car on ne sait pas si une tentative a abouti",
  user_itself: "l’utilisateur lui-même",
  retried: "à essayer encore une fois, après un refus",
  twin: "avec un double possible : sans envoi",
  title_refused: "Ce plan est refusé",
  title_new: "À créer",
  title_changed: "À mettre à jour",
  title_retried: "Nouvel essai",
  title_waiting: "En attente du responsable",
  title_paused: "En pause",
  title_stopped: "Arrêt",
  title_would_be_refused: "Une vraie exécution serait refusée",
  title_not_approved: "Encore refusé : le reste doit être approuvé",
  title_approved: "Approuvé malgré le refus",
  title_failed: "En échec",
  title_skipped: "Non envoyés",
  title_unverifiable: "Impossibles à vérifier en mode test",
  title_held: "En attente de correction",
  title_invalid: "Non valides",
  title_twin: "Peut-être déjà connus",
  title_duplicate: "Plusieurs enregistrements par personne",
  title_leaver: "Départs",
  title_leaver_rules: "Règles de départs",
  title_moved: "Déplacés",
  title_not_moved: "Non déplacés",
  title_created: "Créés",
  title_updated: "Mis à jour",
  title_refreshed: "Confirmés",
  title_incomplete: "Règles incomplètes",
  title_again: "Renvoyés",
  title_unchanged: "Inchangés",
  title_stale: "Plus anciens que dans Oplead",
  title_ignored: "Laissés de côté",
  title_not_selected: "Hors de cette exécution",
  title_suspicious: "Données suspectes",
  title_warnings: "Avertissements",
  title_why: "Pourquoi",
  user: "utilisateur",
  users: "utilisateurs",
  sent: "envoyé",
  examples: "exemples",
  why: "pourquoi",
  advice: "conseil",
});
