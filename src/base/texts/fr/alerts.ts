import type { TextsLike } from "../coded.ts";
import type * as ENGLISH from "../en/alerts.ts";
import { POLICIES_FR } from "./coverage/policies.ts";
import { GUARD_FR, STOPS_FR } from "./sync/plan.ts";
import { REASONS_FR } from "./sync/report.ts";
import { counted, duration, listed, number, percent } from "./words.ts";

export const ALERT_TITLES_FR: TextsLike<typeof ENGLISH.ALERT_TITLES> = {
  refused: () => "L'exécution a été refusée",
  stopped: () => "L'exécution s'est arrêtée avant la fin",
  failed: () => "L'exécution a échoué",
  new_problems: () => "Il y a de nouveaux problèmes",
  many_invalid: () => "Beaucoup d'enregistrements ne sont pas valides",
  user_count: () => "Le nombre d'utilisateurs est inhabituel",
  long_run: () => "L'exécution a duré bien plus longtemps que d'habitude",
  leavers_due: () => "Des départs attendent un administrateur",
  held_long: () => "Des utilisateurs sont refusés depuis longtemps",
  sample: () => "Ceci est un essai",
};

const REFUSALS_FR = /* @__PURE__ */ Object.freeze({ ...GUARD_FR, ...POLICIES_FR });

export const ALERTS_FR: TextsLike<typeof ENGLISH.ALERTS> = {
  refused: ({ findings }) =>
    ["Rien n'a été envoyé.", ...findings.map(({ code, parameters }) => REFUSALS_FR[code]?.(parameters as never))].join(
      " ",
    ),
  stopped: ({ reason }) =>
    `Tous les utilisateurs n'ont pas été envoyés. ${reason ? STOPS_FR[reason.code]?.(reason.parameters as never) : "Un signal l'a terminée."}`,
  failed: ({ code }) =>
    `${code === "nothing_arrived" ? "Rien de ce qui était à envoyer n'est arrivé." : Object.hasOwn(REASONS_FR, code) ? REASONS_FR[code as "timeout"]({}) : "Elle n'a pas de rapport."} (${code})`,
  new_problems: ({ added, known }) =>
    `${counted(added, "problème")} que l'exécution précédente n'avait pas, et ${number(known)} qu'elle avait déjà.`,
  many_invalid: ({ invalid, records, limit }) =>
    `Enregistrements qui ne peuvent pas être envoyés : ${number(invalid)} sur ${number(records)} ; la limite est de ${percent(limit)} (invalidShare).`,
  user_count: ({ users, usual }) =>
    `La source a ${counted(users, "utilisateur")} ; d'habitude ${number(usual)}, la médiane des dernières exécutions.`,
  long_run: ({ durationMs, usualMs }) =>
    `Elle a duré ${duration(durationMs)} ; d'habitude ${duration(usualMs)}, la médiane des dernières exécutions.`,
  leavers_due: ({ users }) => `Absents de la source, délai écoulé : ${counted(users, "utilisateur")}.`,
  held_long: ({ users, days }) =>
    `Refusés par Oplead depuis plus de ${counted(days, "jour")} : ${counted(users, "utilisateur")}.`,
  sample: () => "Il ne s'est rien passé : on vérifie si les alertes arrivent ici.",
};

export const ALERT_ADVICE_FR: TextsLike<typeof ENGLISH.ALERT_ADVICE> = {
  refused: () =>
    "Lisez le plan. S'il est juste, approuvez-le : npx oplead apply --approve EMPREINTE. D'ici là, rien n'est envoyé.",
  stopped: () => "Vérifiez le jeton, le réseau et Oplead. La prochaine exécution continue.",
  failed: () => "Vérifiez la configuration, la source, le jeton et le registre. La prochaine exécution rattrape tout.",
  new_problems: () => "Lisez ce qu'est devenu chaque utilisateur, et corrigez la source.",
  many_invalid: () => "Envoyez la liste à ceux qui tiennent les données à jour.",
  user_count: () => "Vérifiez si la source est complète.",
  long_run: () => "Comparez les exécutions : échecs, répétitions, autres programmes avec le même jeton.",
  leavers_due: () => "Traitez-les dans Oplead, puis cochez-les : npx oplead leavers done COMPTE.",
  held_long: () => "Corrigez-les dans la source ; ils sont renvoyés dès qu'ils ont changé.",
  sample: () => "Rien à faire.",
};

export const ALERT_WORDS_FR: TextsLike<typeof ENGLISH.ALERT_WORDS> = {
  titled: ({ name, title }) => `${name} : ${title}`,
  over: ({ title }) => `Terminé – ${title}`,
  since: ({ time }) => `Depuis : ${time}`,
  lasted: ({ since, until }) => `Du ${since} au ${until}`,
  users: ({ names, count }) => `Utilisateurs : ${listed(names, count)}`,
  to_do: ({ advice, command }) => `À faire : ${advice}\n${command}`,
};

export const ALERT_PROBLEMS_FR: TextsLike<typeof ENGLISH.ALERT_PROBLEMS> = {
  alert_not_sent: ({ target, reason }) => `${target} : l'alerte n'a pas été envoyée (${reason}).`,
  alerts_not_remembered: ({ reason }) =>
    `Le registre ne peut pas retenir ce qui a été dit (${reason}) : la prochaine exécution le dira peut-être encore.`,
};
