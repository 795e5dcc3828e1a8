/** Sentences of the command about observed leads, by their English text. */
export const OBSERVED = {
  "compare the leads that users got with their rules: a CSV, Excel or JSON file":
    "compare aux règles les leads que les utilisateurs ont reçus : un fichier CSV, Excel ou JSON",
  '{file}: no column has the postcodes of the leads. Name it "Code postal" or zipCode.':
    "{file} : aucune colonne n'a les codes postaux des leads. Nommez-la « Code postal » ou zipCode.",
  "  There is nothing to compare.": "  Il n'y a rien à comparer.",
  "{file}: {rows} left out:": "{file} : {rows} laissées de côté :",
  "Observed leads: {leads} in {file}": "Leads observés : {leads} dans {file}",
  "  sets of assumptions that fit: {fitting} of {all}": "  jeux d'hypothèses compatibles : {fitting} sur {all}",
  "predicted {predicted}, undecided {undecided}, unexpected {unexpected}":
    "prévus {predicted}, indécis {undecided}, inattendus {unexpected}",
  "; {differs} set it apart from the first": " ; distingué du premier par {differs}",
  "  settled by these leads: {values}": "  tranché par ces leads : {values}",
  "  still open: {values}": "  encore ouvert : {values}",
  "  No set fits: too many leads contradict each. Either most rules in Oplead differ from the source, or an assumption is true that was not tried.":
    "  Aucun jeu n'est compatible : trop de leads contredisent chacun d'eux. Soit la plupart des règles dans Oplead diffèrent de la source, soit une hypothèse non essayée est vraie.",
  "Rules that were probably edited in Oplead ({count})": "Règles probablement modifiées dans Oplead ({count})",
  "(all)": "(toutes)",
  "(without {rules})": "(sans {rules})",
  "No user may get {leads}: rows {rows}": "Aucun utilisateur ne peut recevoir {leads} : lignes {rows}",
  "{leads} dated in the future or before 2000: rows {rows}":
    "{leads} à une date future ou antérieure à 2000 : lignes {rows}",
  "Account numbers that no user has: {users}": "Numéros de compte qu'aucun utilisateur n'a : {users}",
  "and {more} more": "et {more} de plus",
  "One set stands out, on {leads} only: collect more before you rely on it.":
    "Un jeu se détache, mais avec {leads} seulement : recueillez-en davantage avant de vous y fier.",
  "If eligible users share leads evenly, the first set explains {leads} far better than any other.":
    "Si les utilisateurs éligibles se partagent les leads à parts égales, le premier jeu explique {leads} bien mieux que tout autre.",
  "Only one set fits, on {leads}.": "Un seul jeu est compatible, avec {leads}.",
  "If you agree, write it into oplead.config; nothing does that for you:":
    "Si vous êtes d'accord, écrivez-le dans oplead.config ; rien ne le fait à votre place :",
} as const;
