import type { TextsLike } from "../../coded.ts";
import type { LeaverState, OVERVIEW, RunStatus, Waits } from "../../en/sync/overview.ts";
import { counted, date, duration, number, percent } from "../words.ts";

export const OVERVIEW_FR: TextsLike<typeof OVERVIEW> = {
  separator: () => " ; ",
  plan: ({ hash, records, testMode }) =>
    `plan ${hash} : ${counted(records, "enregistrement")}${testMode ? " (mode test)" : ""}`,
  report: ({ status, testMode, durationMs }) =>
    `synchronisation ${named(STATUS, status)}${testMode ? " (mode test : rien n'a été enregistré)" : ""}, ${duration(durationMs)}`,
  no_report: ({ isRefused, time }) =>
    `synchronisation ${isRefused ? "refusée" : "en échec"} : rien n'a été envoyé, ${time}`,
  changed: ({ fields }) => `à modifier${fields === "" ? "" : ` : ${fields}`}`,
  created: ({ testMode }) => (testMode ? "seraient créés" : "créés"),
  updated: ({ testMode }) => (testMode ? "seraient modifiés" : "modifiés"),
  moved: ({ amount }) =>
    amount < 2 ? "passe à un nouveau numéro de compte" : "passent à de nouveaux numéros de compte",
  leavers: ({ due, perhaps }) =>
    `absents de la source (aucun utilisateur n'est retiré) : délai écoulé pour ${number(due)}${perhaps === 0 ? "" : `, incertain pour ${number(perhaps)}`}`,
  rules_to_set: ({ rules }) => `règles à poser : ${rules}`,
  needs: ({ requests, durationMs }) => {
    const time = durationMs === undefined ? "" : durationMs < 1_000 ? "moins de 1 s" : duration(durationMs);
    return `demande ${counted(requests, "requête")}${time === "" ? "" : ` (${time} au débit du client)`}`;
  },
  only: ({ amount }) => `n'envoie que ${counted(amount, "utilisateur nommé", "utilisateurs nommés")}`,
  limit: ({ amount }) => `envoie au plus ${counted(amount, "utilisateur")}`,
  really_new: ({ users }) => `vraiment nouveaux, comme indiqué : ${users}`,
  changed_since: ({ time }) => `lit ce qui a changé depuis ${time}`,
  problems: ({ all, fresh }) => `${counted(all, "problème")}, dont ${number(fresh)} de plus qu'à la dernière exécution`,
  requests: ({ requests, retries, waited }) =>
    counted(requests, "requête") +
    (retries > 0 ? `, dont ${number(retries)} pour rattraper des échecs` : "") +
    (waited < 0.01 ? "" : ` ; au plus ${percent(waited)} du temps à attendre le débit`),
  run: ({ run, plan }) => `exécution ${run}${plan === "" ? "" : `, plan ${plan}`}`,
  rule: ({ name }) => `règle ${name}`,
  rule_change: ({ name, was, now }) => {
    const unit = name === "maxDistance" ? " km" : "";
    const before = was === undefined ? " (avant : inconnu)" : was === null ? " (avant : aucune)" : "";
    const values = was === undefined || was === null ? now : `${was} → ${now}`;
    return `${name === "maxDistance" ? "rayon" : `règle ${name}`} ${values}${unit}${before}`;
  },
  rule_values: ({ count }) => counted(count, "valeur"),
  no_rule_values: () => "aucune",
  record: ({ number }) => `enregistrement ${number}`,
  row: ({ number }) => `ligne ${number}`,
  moved_from: ({ from }) => (from === undefined ? "déplacé" : `déplacé de ${from}`),
  parent: ({ parent, because }) => `son parent ${parent} est ${named(BECAUSE, because)}`,
  depends: ({ step, on }) => `${stepName(step)} : dépend de ${on}, que seule cette exécution créerait`,
  held_since: ({ step, answer, day }) => `${stepName(step)} : ${answer} depuis le ${date(day)}`,
  failed_step: ({ step, answer, held }) => `${stepName(step)} : ${answer}${held ? ", en attente de correction" : ""}`,
  missing_since: ({ state, day, days }) =>
    `${named(LEAVERS, state)} : absent depuis le ${date(day)}, ${counted(days, "jour")}`,
  move_unknown: ({ from }) => `non déplacé : le registre n'a pas d'ID Oplead pour ${from}`,
  move_occupied: ({ to }) => `non déplacé : le registre a un autre utilisateur sous ${to}`,
  users: ({ amount, sent }) => `${counted(amount, "utilisateur")} : ${sent}`,
  for_example: ({ users }) => `par exemple ${users}`,
  more: ({ amount }) => `… et ${number(amount)} de plus`,
};

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

const BECAUSE: Readonly<Record<Waits, string>> = {
  invalid: "non valide",
  held: "en attente de correction",
  duplicate: "en double",
  twin: "peut-être déjà connu",
  stale: "plus ancien que dans Oplead",
  waiting: "lui-même en attente",
};

/** The name of a state. A file of a newer version may have one that is not known here. */
function named<State extends string>(names: Readonly<Record<State, string>>, state: State): string {
  return names[state] ?? state;
}

function stepName(step: string): string {
  return step === "user" ? "utilisateur" : step;
}
