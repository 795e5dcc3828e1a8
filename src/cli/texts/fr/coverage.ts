/** Sentences of the commands `coverage` and `explain`, by their English text. */
export const COVERAGE = {
  "the lead's postcode": "le code postal du lead",
  "its country, two capital letters": "son pays, deux lettres majuscules",
  "its range": "sa gamme",
  "its request type": "son type de demande",
  "its contact profile": "son profil de contact",
  " or ": " ou ",
  "how many users who are not eligible are shown": "combien d'utilisateurs exclus sont montrés",
  "How rules combine is not documented: the answer is eligible, not eligible or uncertain, and names its assumptions.":
    "La façon dont les règles se combinent n'est pas documentée : la réponse est possible, exclu ou incertain, et nomme ses hypothèses.",
  "{code} is not a known postcode of {country}: the lead has no place.\n\n":
    "{code} n'est pas un code postal connu de {country} : le lead n'a pas de lieu.\n\n",
  "also write the findings as CSV": "écrit aussi les constats en CSV",
  "also write a report with a map": "écrit aussi un rapport avec une carte",
  "show names in the report, not account numbers only":
    "montre dans le rapport les noms, et pas seulement les numéros de compte",
  "end with 1 if there are such findings: {kinds}": "se termine par 1 s'il y a de tels constats : {kinds}",
  "There are {kinds}.": "Il y a {kinds}.",
  "compare the leads that users got with their rules: a CSV, Excel or JSON file":
    "compare aux règles les leads que les utilisateurs ont reçus : un fichier CSV, Excel ou JSON",
  "how many changes of rules that close gaps are suggested":
    "combien de changements de règles qui comblent des lacunes sont proposés",
  "of suggestions: the largest radius, and how far the gap of a new county may be, in km":
    "pour les propositions : le plus grand rayon, et la distance maximale de la lacune d'un nouveau département, en km",
  "more eligible users than this are an overlap": "au-delà de ce nombre d'utilisateurs possibles, il y a chevauchement",
  "read the countries from Oplead instead of the map of France in this package: what rules name and the platform does not have is found":
    "lit les pays dans Oplead au lieu de la carte de France de ce paquet : ce que nomment les règles et que la plateforme n'a pas est trouvé",
  "Sends no user: it reads the source, compares the rules with the map and judges them by the policies of the config. Exit codes: 0 success; 1 error, or findings of --fail-on; 3 a policy is broken.":
    "N'envoie aucun utilisateur : lit la source, compare les règles à la carte et les juge selon les politiques de la configuration. Codes de sortie : 0 succès ; 1 erreur, ou constats de --fail-on ; 3 une politique est enfreinte.",
  "{flag} does nothing without {other}.": "{flag} ne fait rien sans {other}.",
  "Suggestions, each given those before it ({count})": "Propositions, chacune après les précédentes ({count})",
  "No change of a rule within the limits closes a gap.":
    "Aucun changement de règle dans les limites ne comble de lacune.",
  "Policies: {policies}, broken: {broken}.": "Politiques : {policies}, enfreintes : {broken}.",
  "The policy {policy} failed: {error}.": "La politique {policy} a échoué : {error}.",
  "Rules name {countries}, and only France is known here: --online reads countries from Oplead.":
    "Les règles nomment {countries}, et seule la France est connue ici : --online lit les pays dans Oplead.",
  "{users}, {findings}.": "{users}, {findings}.",
  "perhaps: ": "peut-être : ",
  "Assumptions: {names}": "Hypothèses : {names}",
  // As on the page of coverage.
  gap: "lacune",
  thin: "un seul utilisateur",
  overlap: "chevauchement",
  dead: "sans effet",
  subsumed: "inclus",
  unreachable: "sans lead",
  kind: "nature",
  certain: "certitude",
  finding: "constat",
  inhabitants: "habitants",
  accountNumbers: "numéros de compte",
  zipCodes: "codes postaux",
  true: "oui",
  false: "non",
  '{file}: no column has the postcodes of the leads. Name it "Code postal" or zipCode.':
    "{file} : aucune colonne n'a les codes postaux des leads. Nommez-la « Code postal » ou zipCode.",
  "{file}: ignored columns: {fields}.": "{file} : colonnes ignorées : {fields}.",
  "{file}: {rows} left out:": "{file} : {rows} laissées de côté :",
  "{file}: {leads} without a known place, in rows {rows}.": "{file} : {leads} sans lieu connu, lignes {rows}.",
  "Leads: {leads} in {file}": "Leads : {leads} dans {file}",
  "  There is nothing to compare.": "  Il n'y a rien à comparer.",
  "Each set of assumptions, best first: few leads are unexplained, and few users share the others":
    "Chaque jeu d'hypothèses, le meilleur d'abord : peu de leads inexpliqués, et peu d'utilisateurs se partagent les autres",
  "{explained} of {leads} explained, {undecided} undecided, users for each: {sharing}":
    "{explained} sur {leads} expliqués, {undecided} indécis, utilisateurs pour chacun : {sharing}",
  "as assumed now": "les hypothèses actuelles",
  "(without {rules})": "(sans {rules})",
  "Not explained by the first set of assumptions, by user ({count})":
    "Non expliqués par le premier jeu d'hypothèses, par utilisateur ({count})",
  "Account numbers that no user has: {users}": "Numéros de compte qu'aucun utilisateur n'a : {users}",
  "and {more} more": "et {more} de plus",
  "If you agree with the first set, write it into oplead.config, and compare again:":
    "Si le premier jeu vous convient, écrivez-le dans oplead.config, et comparez de nouveau :",
} as const;
