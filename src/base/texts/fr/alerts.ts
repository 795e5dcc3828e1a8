import type { TextsLike } from "../coded.ts";
import type * as ENGLISH from "../en/alerts.ts";
import { counted, listed, number } from "./words.ts";

export const ALERTS_FR: TextsLike<typeof ENGLISH.ALERTS> = {
  title_refused: () => "L'exécution a été refusée",
  title_stopped: () => "L'exécution s'est arrêtée avant la fin",
  title_failed: () => "L'exécution a échoué",
  title_rows: () => "Tout n'a pas pu être envoyé",
  title_paused: () => "Les exécutions sont en pause",
  title_sample: () => "Ceci est un essai",
  titled: ({ name, title, state }) => {
    const shown = {
      begun: title,
      continues: `Toujours : ${title}`,
      over: "Les nuits se passent bien à nouveau",
      sample: title,
    };
    return `${name} : ${shown[state]}`;
  },
  sample: () => "Il ne s'est rien passé : on vérifie si les messages arrivent ici.",
  aborted: () => "Un signal a mis fin à l'exécution. La prochaine continue.",
  nothing_arrived: () => "Rien de ce qui était à envoyer n'est arrivé.",
  no_report: ({ code }) => `L'exécution n'a pas de rapport (${code}). Son journal en dit plus.`,
  part: ({ part, detail }) => `${part} : ${detail}`,
  rows: ({ reason, names, count }) =>
    `${count === 1 ? "Non envoyé" : `${number(count)} non envoyés`} : ${listed(names, count)}. ${reason}`,
  record_failed: () => "L'enregistrement n'a pas pu être lu : le rapport dit pourquoi.",
  duplicate: () => "Plusieurs lignes ont ce numéro de compte et des contenus différents.",
  twin: () =>
    "Leur login ou leur adresse e-mail est aussi celui d'un utilisateur qu'Oplead a déjà : ce sont peut-être les mêmes personnes. Sinon, le rapport donne la ligne à ajouter à la configuration (newUsers).",
  more: ({ count }) => `Il y a encore ${counted(count, "autre raison", "autres raisons")}.`,
  why_over: () => "Voici ce qui n'allait pas :",
  times: ({ since, until }) => (until === undefined ? `Depuis : ${since}` : `Du ${since} au ${until}`),
  more_by: ({ command }) => `Pour en savoir plus : ${command}`,
};

export const ALERT_PROBLEMS_FR: TextsLike<typeof ENGLISH.ALERT_PROBLEMS> = {
  alert_not_sent: ({ target, reason }) => `${target} : l'alerte n'a pas été envoyée (${reason}).`,
  alerts_not_remembered: ({ reason }) =>
    `Le registre ne peut pas retenir ce qui a été dit (${reason}) : la prochaine exécution le dira peut-être encore.`,
};
