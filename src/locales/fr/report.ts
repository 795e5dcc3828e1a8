import { type TextsLike, toldBy } from "../coded.ts";
import type { COLUMNS, REASONS, REPORT } from "../en/report.ts";
import { ALERT_FAILURES_FR } from "./failures.ts";
import { OVERVIEW_FR } from "./overview.ts";
import { all, counted, french, listed, number } from "./words.ts";

export const REASONS_FR: TextsLike<typeof REASONS> = /* @__PURE__ */ french({
  invalid_options: "Les options sont incorrectes.",
  invalid_input: "L’enregistrement n’est pas valide.",
  token_unavailable: "La fonction qui fournit le jeton d’API n’en a pas donné.",
  unauthorized: "Oplead refuse le jeton d’API.",
  forbidden: "Le jeton d’API n’a pas ce droit.",
  not_found: "Oplead ne connaît pas cet utilisateur, ou l’adresse de base est fausse.",
  conflict: "Un autre utilisateur d’Oplead a le même identifiant, la même adresse e-mail ou le même numéro de compte.",
  refused: "Oplead a refusé l’utilisateur.",
  rate_limited: "Oplead demande moins de requêtes.",
  server_error: "Oplead a rencontré une erreur interne.",
  unexpected_response: "La réponse ne vient pas d’Oplead, ou n’est pas lisible.",
  connection: "Oplead est injoignable.",
  timeout: "Oplead n’a pas répondu à temps.",
  deadline: "L’appel a dépassé son délai.",
  aborted: "L’exécution a été interrompue.",
  ambiguous_creation: "On ne sait pas si Oplead a créé l’utilisateur.",
  incomplete: "Oplead a accepté une partie de l’appel.",
  sync_refused: "Le plan a été refusé.",
  source_failed: "La source n’a pas pu être lue.",
  ledger_unavailable: "Le registre n’a pas pu être lu ou écrit.",
  state_lost: "Le Redis de la file d’attente a perdu les données de l’utilisateur.",
  queue_unavailable: "Le Redis de la file d’attente est en panne ou n’a pas répondu.",
  ledger_mismatch: "Le registre appartient à une autre plateforme.",
  audit_unavailable: "Le journal d’audit n’a pas pu être lu ou écrit.",
  ledger_conflict: "Un autre processus a envoyé un autre état de l’utilisateur en même temps.",
  rule_not_enabled: "La règle n’est probablement pas activée pour la plateforme.",
  rule_refused: "Oplead a refusé la règle.",
  another_user:
    "L’ID Oplead du registre appartient à un autre utilisateur, dont les données ont peut-être été écrasées.",
  run_stopped: "L’exécution s’est arrêtée avant l’envoi.",
  run_handed_over: "L’exécution a été interrompue. Un worker de la file d’attente peut encore envoyer l’utilisateur.",
  run_paused: "Les exécutions ont été mises en pause avant l’envoi.",
  run_aborted: "L’exécution a été interrompue avant l’envoi.",
  parent_missing: ({ root, because, count, examples }) =>
    `${root} ${OVERVIEW_FR.waited_for({ because, count, examples })}.`,
  possible_twin: ({ of, by }) =>
    by === "exchange"
      ? `Son identifiant et son adresse e-mail sont ceux de ${of}, qui en a d’autres désormais : leurs numéros de compte ont sans doute été échangés dans la source.`
      : `${by === "login" ? "Son identifiant est celui" : "Son adresse e-mail est celle"} de ${of}, déjà présent dans Oplead : c’est peut-être la même personne, qui serait créée une seconde fois.`,
  leaver_grace: "L’utilisateur n’est plus dans la source ; le délai n’est pas écoulé.",
  leaver_due: "L’utilisateur n’est plus dans la source, et le délai est écoulé.",
  leaver_perhaps:
    "L’utilisateur n’est plus dans la source, ou fait partie des lignes sans numéro de compte, ou a maintenant un autre numéro.",
  duplicate: ({ rows }) =>
    `${rows.every(Number.isFinite) ? "Les lignes " : ""}${all(rows.map(String))} ont le même numéro de compte et un contenu différent.`,
});

export const REPORT_FR: TextsLike<typeof REPORT> = /* @__PURE__ */ french({
  refused_before: "Le refus date d’une exécution précédente et rien n’a changé depuis.",
  refused_fields: ({ fields, reason, takenBy }) =>
    `${fields === "" ? "" : `${fields} : `}${reason}${takenBy === undefined ? "" : ` D’après le registre, c’est ${takenBy}.`}`,
  unknown_value: "Si la valeur est juste, ajoutez-la à la configuration ; sinon, corrigez les cellules.",
  sent_before: "Déjà envoyé ainsi auparavant.",
  twin_advice: ({ accountNumber, of, by, inSource }) =>
    `${
      by === "exchange"
        ? "Si oui, redonnez à chacun son numéro dans la source."
        : inSource
          ? "Si c’est la même personne, retirez l’une des deux lignes de la source."
          : `Si c’est la même personne : npx oplead-sdk ledger move ${of} ${accountNumber}.`
    } S’il s’agit de deux personnes, ajoutez une ligne à la configuration : newUsers: ${JSON.stringify([accountNumber])}`,
  user: "utilisateur",
  rule: ({ name }) => `règle ${name}`,
  failed: "échec",
  held: "refusé",
  invalid: "non valide",
  duplicate: "doublon",
  twin: "peut-être déjà connu",
  skipped: "non envoyé",
  suspicious: "à vérifier",
  leaver: "départ",
  run_refused: "exécution refusée",
  run_failed: "exécution en échec",
  run_not_made: "Rien n’a été envoyé.",
  see_log: "Voir le journal de l’exécution.",
});

export const COLUMNS_FR: TextsLike<typeof COLUMNS> = /* @__PURE__ */ french({
  row: "ligne",
  accountNumber: "numéro de compte",
  label: "libellé",
  segment: "segment de l’utilisateur",
  problem: "problème",
  step: "étape",
  field: "champ",
  reason: "motif",
  advice: "conseil",
  opleadAnswer: "réponse d’Oplead",
  code: "code",
  status: "statut HTTP",
  since: "depuis",
  requestId: "ID de requête",
});

import type * as ENGLISH from "../en/report.ts";

export const ALERTS_FR: TextsLike<typeof ENGLISH.ALERTS> = /* @__PURE__ */ french({
  title_refused: "L’exécution a été refusée, et rien n’a été envoyé",
  title_stopped: "L’exécution s’est arrêtée avant la fin",
  title_failed: "L’exécution a échoué",
  title_rows: "Tout n’a pas pu être envoyé",
  title_paused: "Les exécutions sont en pause",
  title_leavers: "Des personnes sont parties",
  title_sample: "Ceci est un essai",
  titled: ({ name, title, state }) => {
    const shown = {
      begun: title,
      continues: `Toujours : ${title}`,
      over: "Retour à la normale",
      sample: title,
    };
    return `${name} : ${shown[state]}`;
  },
  sample: "Message d’essai : aucune action nécessaire.",
  aborted: "L’exécution a été interrompue par un signal. La prochaine reprendra.",
  nothing_arrived: "Rien de ce qui était à envoyer n’est arrivé.",
  no_report: ({ code }) => `L’exécution n’a pas produit de rapport (${code}). Son journal en dit plus.`,
  part: ({ part, detail }) => `${part} : ${detail}`,
  rows: ({ reason, names, count }) =>
    `${count === 1 ? "Non envoyé" : `${number(count)} non envoyés`} : ${listed(names, "and", count)}. ${reason}`,
  record_failed: "L’enregistrement n’a pas pu être lu : le rapport dit pourquoi.",
  duplicate: "Plusieurs lignes ont ce numéro de compte et des contenus différents.",
  twin: "Leur identifiant ou leur adresse e-mail est aussi celui d’un utilisateur déjà présent dans Oplead : ce sont peut-être les mêmes personnes. Sinon, le rapport donne la ligne à ajouter à la configuration (newUsers).",
  leavers_due: ({ names, count }) =>
    `Départs à traiter dans Oplead : ${listed(names, "and", count)}. Une fois traités : npx oplead-sdk leavers done COMPTE`,
  manager_left: ({ name, team }) => `${name} est parti, mais reste le responsable de ${counted(team, "utilisateur")}.`,
  more: ({ count }) => `Et ${counted(count, "autre raison", "autres raisons")}.`,
  why_over: "Voici ce qui n’allait pas :",
  times: ({ since, until }) => (until === undefined ? `Depuis : ${since}` : `Du ${since} au ${until}`),
  plan: ({ plan }) => `Plan : ${plan}`,
  files: ({ files }) => `Fichiers : ${files.join(", ")}`,
  more_by: ({ command }) => `Pour en savoir plus : ${command}`,
});

export const ALERT_PROBLEMS_FR: TextsLike<typeof ENGLISH.ALERT_PROBLEMS> = /* @__PURE__ */ french({
  alert_not_sent: ({ target, reason }) =>
    `${target} : l’alerte n’a pas été envoyée (${toldBy([ALERT_FAILURES_FR], reason)}).`,
  alerts_not_remembered: ({ reason }) => `L’envoi n’a pas pu être noté (${reason}) : l’alerte sera peut-être répétée.`,
});
