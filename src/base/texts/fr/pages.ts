import type { TextsLike } from "../coded.ts";
import type { FIELDS, KINDS, PAGE } from "../en/pages.ts";
import { counted, duration, number } from "./words.ts";

export const PAGE_FR: TextsLike<typeof PAGE> = {
  plan_title: ({ hash }) => `Plan ${hash} : changements à approuver`,
  read: ({ count, platform }) => `${counted(count, "enregistrement lu", "enregistrements lus")}, pour ${platform}.`,
  test_mode: () => "Mode test : Oplead n'enregistre rien.",
  skip: () => "Aller aux listes",
  verdict: () => "Le verdict",
  passes: () => "Le garde-fou laisse passer ce plan.",
  refused: () => "Le garde-fou refuse ce plan.",
  idle: () => "Rien ne serait envoyé.",
  limits: () => "Limites du garde-fou",
  no_limits: () => "Le garde-fou est désactivé ou n'a rien à comparer : lisez les changements ci-dessous.",
  max_new: () => "Nouveaux utilisateurs",
  max_changed: () => "Utilisateurs modifiés ou absents",
  max_moved: () => "Utilisateurs avec un autre profil ou parent",
  max_missing: () => "Utilisateurs absents pour la première fois",
  of_limit: ({ users, most, among }) => `${number(users)} sur ${number(among)} ; la limite est de ${number(most)}`,
  approve: () => "Pour l'approuver",
  approve_refused: () => "Pour l'approuver malgré tout, si ces raisons sont attendues",
  sends_part: ({ sent, all }) =>
    `Elle envoie ${number(sent)} utilisateur${sent < 2 ? "" : "s"} sur ${number(all)} ; ${number(all - sent)} ${all - sent < 2 ? "est laissé" : "sont laissés"} de côté.`,
  closest_segments: () => "Groupes qui s'en approchent le plus ou la dépassent :",
  approved_only: () =>
    "Cette commande n'envoie que ce plan : si la source a changé depuis, elle n'envoie rien et nomme les utilisateurs qui diffèrent.",
  overview: () => "En un coup d'œil",
  requests: ({ count, ms }) =>
    `requête${count < 2 ? "" : "s"}${ms === undefined ? "" : `, environ ${duration(ms).replaceAll(" ", "\u00a0")}`}`,
  warnings: () => "À noter",
  changes: () => "Ce qui est envoyé",
  problems: () => "Non envoyé, ou à vérifier",
  search: () => "Numéro de compte",
  kind: () => "Nature",
  field: () => "Champ ou règle",
  segment: () => "Groupe",
  all: () => "tout",
  no_match: () => "Aucune entrée ne correspond.",
  users: ({ count }) => (count < 2 ? "utilisateur" : "utilisateurs"),
  records: ({ count }) => (count < 2 ? "enregistrement" : "enregistrements"),
  others: () => "autres combinaisons",
  new_number: () => "nouveau numéro de compte",
  move_unknown: () => "Le registre n'a pas d'ID Oplead pour l'ancien numéro de compte : non déplacé.",
  move_occupied: () => "Le registre a un autre utilisateur sous le nouveau numéro de compte : non déplacé.",
  not_shown: () => "[masqué]",
  report_title: ({ id }) => `Rapport de l'exécution ${id}`,
  began: ({ at, ms }) => `Début : ${at} (UTC)${ms === undefined ? "" : `, durée : ${duration(ms)}`}.`,
  complete: ({ left }) =>
    left === 0
      ? "Oplead a chaque utilisateur tel que la source l'a."
      : `Oplead a chaque utilisateur de cette exécution tel que la source l'a. ${counted(left, "utilisateur a été laissé", "utilisateurs ont été laissés")} de côté.`,
  partial: () => "L'exécution est terminée ; certains utilisateurs ne sont pas arrivés.",
  stopped: () => "L'exécution a été arrêtée avant la fin.",
  aborted: () => "L'exécution a été interrompue.",
  run_refused: () => "Le garde-fou a refusé l'exécution. Rien n'a été envoyé.",
  run_failed: () => "L'exécution n'a pas pu avoir lieu. Rien n'a été envoyé.",
  next: () => "La prochaine exécution",
  next_retry: ({ count }) => `réessaie ${counted(count, "utilisateur")}. Il n'y a rien à faire pour cela.`,
  next_held: ({ count }) =>
    `laisse de côté ${counted(count, "utilisateur")} qu'Oplead a refusé${count < 2 ? "" : "s"}, jusqu'à ${count < 2 ? "sa" : "leur"} correction dans la source.`,
  next_invalid: ({ count }) =>
    `relit ${counted(count, "enregistrement")} qui ne peu${count < 2 ? "" : "ven"}t pas être envoyé${count < 2 ? "" : "s"}, et envoie ce qui est correct alors.`,
  next_leavers: ({ count }) =>
    `cite de nouveau ${counted(count, "départ")}, jusqu'à ce qu'un administrateur ${count < 2 ? "le" : "les"} traite dans Oplead.`,
  next_nothing: () => "n'a rien à rattraper.",
};

export const KINDS_FR: TextsLike<typeof KINDS> = {
  leaver_rules: () => "Règles de départs",
  moved: () => "Déplacé",
  not_moved: () => "Non déplacé",
  created: () => "Créé",
  updated: () => "Mis à jour",
  incomplete: () => "Règles incomplètes",
  unchanged: () => "Inchangé",
  stale: () => "Plus ancien que dans Oplead",
  not_selected: () => "Hors de cette exécution",
};

export const FIELDS_FR: TextsLike<typeof FIELDS> = {
  civility: () => "civilité",
  lastname: () => "nom",
  firstname: () => "prénom",
  login: () => "identifiant",
  email: () => "adresse e-mail",
  phone: () => "téléphone",
  mobile: () => "portable",
  company: () => "société",
  address: () => "adresse",
  profile: () => "profil",
  parentUserIdentifier: () => "rattachement",
  geographical: () => "secteur",
  maxDistance: () => "rayon",
  competences: () => "compétences",
  contactProfiles: () => "profils de contact",
  profileTypes: () => "types de profil",
};
