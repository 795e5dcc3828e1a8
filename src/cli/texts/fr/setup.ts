/** Sentences of `init`, `probe` and `types`, by their English text. */
export const SETUP = {
  // The comments of the configs that `init` writes.
  "Where Oplead is and how to log in. Put OPLEAD_TOKEN into the environment or into a file .env beside this one.":
    "Où est Oplead et comment s'y connecter. Mettez OPLEAD_TOKEN dans l'environnement ou dans un fichier .env à côté de celui-ci.",
  "Where the users come from: csvSource, excelSource, jsonSource, restSource, any (async) iterable, or a function that returns one.":
    "D'où viennent les utilisateurs : csvSource, excelSource, jsonSource, restSource, tout itérable (asynchrone ou non), ou une fonction qui en renvoie un.",
  "The account number of a row. It must be unique and never change.":
    "Le numéro de compte d'une ligne. Il doit être unique et ne jamais changer.",
  "The prefix keeps it apart from Oplead IDs: a number of digits only could be the ID of another user, and is refused.":
    "Le préfixe le distingue des ID Oplead : un numéro fait de chiffres seulement pourrait être l'ID d'un autre utilisateur, et il est refusé.",
  "What Oplead shall have. Return null to leave a row out. What throws here makes this row invalid, and the others go on.":
    "Ce qu'Oplead doit avoir. Renvoyez null pour laisser une ligne de côté. Une erreur ici rend la ligne non valide, et les autres continuent.",
  "The rules decide which leads a user gets. Rules that are left out stay as they are.":
    "Les règles décident quels leads reçoit un utilisateur. Celles qui ne sont pas données restent telles quelles.",
  "The secret of the ledger, which init has written into .env. Keep both; give it to each machine that uses this config.":
    "Le secret du registre, qu'init a écrit dans .env. Gardez les deux ; donnez-le à chaque machine qui utilise cette configuration.",
  "What Oplead has accepted so far. Keep this folder from run to run.":
    "Ce qu'Oplead a accepté jusqu'ici. Gardez ce dossier d'une exécution à l'autre.",
  "A policy, to be uncommented: a plan that takes the last user from postcodes with more people than this is refused.":
    "Une politique, à décommenter : un plan qui prend leur dernier utilisateur à des codes postaux de plus d'habitants que cela est refusé.",
  "A run that would change more than this is stopped before it sends anything.":
    "Une exécution qui changerait plus que cela est arrêtée avant le premier envoi.",
  'Other platforms, chosen by --target. "fake" is always there: a fake Oplead that needs no token.':
    "Autres plateformes, choisies par --target. « fake » est toujours là : un faux Oplead, sans jeton.",
  "Other platforms, chosen by --target.": "Autres plateformes, choisies par --target.",
  "The platform that --target fake plays.": "La plateforme que joue --target fake.",
  '"oplead init --from" made this. It is yours: correct what is wrong. NOT FOUND marks what it could not find in the file.':
    "Écrit par « oplead init --from ». Ce fichier est à vous : corrigez ce qui est faux. INTROUVABLE signale ce qui n'a pas été trouvé dans le fichier.",
  "The profile of each role. The file has codes.": "Le profil de chaque fonction. Le fichier donne les codes.",
  "The profile of each role. These codes are invented: put those of your platform here. Its administrator knows them, and listUserProfiles() lists them.":
    "Le profil de chaque fonction. Ces codes sont inventés : mettez ici ceux de votre plateforme. Son administrateur les connaît, et listUserProfiles() les liste.",
  "The code of each country.": "Le code de chaque pays.",
  "Every cell is text, so 01000 keeps its zero. A run ends if the file lacks one of these columns.":
    "Chaque cellule est du texte, donc 01000 garde son zéro. Une exécution s'arrête si une de ces colonnes manque.",
  "The rows above hold titles.": "Les lignes au-dessus contiennent des titres.",
  "The column {name}, recognised by its cells.": "La colonne {name}, reconnue à ses cellules.",
  "The column {name}, recognised by its name.": "La colonne {name}, reconnue à son nom.",
  "NOT FOUND: {what}.": "INTROUVABLE : {what}.",
  "NOT MAPPED: the column {name} holds something else than account numbers of this file.":
    "NON REPRIS : la colonne {name} contient autre chose que des numéros de compte de ce fichier.",
  "column {name}: the config has no code for this value":
    "colonne {name} : la configuration n'a pas de code pour cette valeur",
  "Rows that are no people, such as totals (in the file: {rows}), have at most one of these cells; a number is no name.":
    "Les lignes qui ne sont pas des personnes, comme les totaux (dans le fichier : {rows}), ont au plus une de ces cellules ; un nombre n'est pas un nom.",
  "No column of logins: the e-mail address is unique too.":
    "Pas de colonne d'identifiants de connexion : l'adresse e-mail est unique, elle aussi.",
  "A spreadsheet took the leading zero of {count} postcodes, and it is put back.":
    "Un tableur a enlevé le zéro initial de {count} codes postaux ; il est remis.",
  "No column of countries: all are in France.": "Pas de colonne de pays : tous sont en France.",
  "The e-mail address stands in for it, and can change.": "L'adresse e-mail la remplace, et peut changer.",
  // What is missing, and what is to be done.
  "a column that is unique for a person and never changes":
    "une colonne qui est unique pour une personne et ne change jamais",
  "a column with the account number of the user above":
    "une colonne avec le numéro de compte de l'utilisateur au-dessus",
  "a column of roles. Everyone gets one profile": "une colonne de fonctions. Tous reçoivent le même profil",
  "the form of address. Everyone gets this one": "la civilité. Tous reçoivent celle-ci",
  "the column of last names": "la colonne des noms",
  "the column of e-mail addresses": "la colonne des adresses e-mail",
  "the column of postcodes": "la colonne des codes postaux",
  "the column of towns": "la colonne des villes",
  "profiles: put the profile codes of your platform in the place of {codes}":
    "profiles : mettez les codes de profil de votre plateforme à la place de {codes}",
  "countries: the two-letter codes of {countries}": "countries : les codes à deux lettres de {countries}",
  "parentUserIdentifier: the account number of the user above, where a profile needs one":
    "parentUserIdentifier : le numéro de compte de l'utilisateur au-dessus, pour les profils qui en exigent un",
  // Probe.
  "A fake has no facts of its own: probe a platform.":
    "Un faux Oplead n'a pas de faits à lui : interrogez une plateforme.",
  "There is no {file} to compare with.": "Il n'y a pas de {file} auquel comparer.",
  "Nothing was sent.": "Rien n'a été envoyé.",
  "Users are created in test mode, if an answer shows that it arrives.":
    "Des utilisateurs sont créés en mode test, si une réponse montre qu'il est pris en compte.",
  "The API stopped answering after {requests}. Nothing was written: probe again.":
    "L'API a cessé de répondre après {requests}. Rien n'a été écrit : recommencez.",
  "{file} is of {before}, and this is {now}.": "{file} vient de {before}, et ceci est {now}.",
  "{file} stays: this probe did not find out what it knows of {names}. Ask with the same options as before, or remove the file.":
    "{file} reste tel quel : il sait de {names} ce qui n'a pas pu être appris cette fois. Recommencez avec les mêmes options qu'avant, ou supprimez le fichier.",
  "{requests}. Written: {file}": "{requests}. Écrit : {file}",
  '\nUse it: put facts: "./platform-facts.json" into the config.':
    '\nPour l\'utiliser : mettez facts: "./platform-facts.json" dans la configuration.',
  "--allow-test-create creates users in test mode. Without a terminal it also needs probe.allowTestCreate: true in the config.":
    "--allow-test-create crée des utilisateurs en mode test. Sans terminal, il faut aussi probe.allowTestCreate: true dans la configuration.",
  "The source has no user {user}.": "La source n'a pas d'utilisateur {user}.",
  " (the package relies on it)": " (le paquet en dépend)",
  "Nothing changed.": "Rien n'a changé.",
  "Changed, and nothing that the package relies on. Probe without --compare to keep it.":
    "Il y a des changements, et rien dont dépende le paquet. Sans --compare, ils sont enregistrés.",
  "Something that the package relies on changed. Read the lines with ✗, then probe without --compare.":
    "Quelque chose dont dépend le paquet a changé. Lisez les lignes marquées ✗, puis recommencez sans --compare.",
  "name a user that Oplead has: --as ACCOUNT": "nommez un utilisateur qu'Oplead a : --as COMPTE",
  "Oplead does not find the user named by --as": "Oplead ne trouve pas l'utilisateur nommé par --as",
  "the user named by --as has no such rule": "l'utilisateur nommé par --as n'a pas cette règle",
  "only a creation in test mode shows it: --allow-test-create":
    "seule une création en mode test le montre : --allow-test-create",
  "no answer showed that test mode arrives; --allow-test-create asks more":
    "aucune réponse n'a montré que le mode test est pris en compte ; --allow-test-create en demande plus",
  "Oplead does not accept the token this way; name another with --auth":
    "Oplead n'accepte pas le jeton sous cette forme ; indiquez-en une autre avec --auth",
  "the API did not answer": "l'API n'a pas répondu",
  "only one answer showed it, and a fact needs two; probe again":
    "une seule réponse l'a montré, et un fait en demande deux ; relancez la sonde",
  "two answers at different times did not agree; probe again":
    "deux réponses, à des moments différents, ne concordent pas ; relancez la sonde",
  "the 404 may be a gateway's; name a user that Oplead has: --as ACCOUNT":
    "le 404 vient peut-être d'une passerelle ; nommez un utilisateur qu'Oplead a : --as COMPTE",
  "Oplead refused the content": "Oplead a refusé le contenu",
  "the path of this rule was not found": "le chemin de cette règle n'a pas été trouvé",
  "no answer showed it": "aucune réponse ne l'a montré",
  "the requests were used up": "le nombre de requêtes est épuisé",
  "the API stopped answering in the middle": "l'API a cessé de répondre en cours de route",
  "  an empty object": "  un objet vide",
  "  a made-up user with random identifiers": "  un utilisateur inventé, aux identifiants tirés au hasard",
  "  the user as the source has it": "  l'utilisateur tel que la source l'a",
  "  the last name of the user, unchanged": "  le nom de l'utilisateur, inchangé",
  "  the user with a wrong e-mail address": "  l'utilisateur avec une adresse e-mail fausse",
  "  a made-up user with the account number of the user":
    "  un utilisateur inventé avec le numéro de compte de l'utilisateur",
  "  the rule as the source has it": "  la règle telle que la source l'a",
  "  a radius that is 1 km longer, and the old one again if that shows":
    "  un rayon plus long d'un kilomètre, puis l'ancien si cela se voit",
  ", if the answers before leave something open": ", si les réponses d'avant laissent quelque chose ouvert",
  ", only once an answer has shown that test mode arrives":
    ", seulement quand une réponse a montré que le mode test est pris en compte",
  // Types.
  "The types are made by two packages that are not installed: {install}":
    "Les types sont faits par deux paquets qui ne sont pas installés : {install}",
  "{file} was not made by this command; nothing was written.":
    "{file} n'a pas été fait par cette commande ; rien n'a été écrit.",
  "The document has no user fields that the package does not know.":
    "Le document n'a pas de champ d'utilisateur que le paquet ne connaisse pas.",
  "{fields}. To refuse any other: {code}": "{fields}. Pour refuser tout autre : {code}",
  // A sentence of the tool that reads documents.
  "{how}": "« {how} »",
  // The status of a run, in `status` and `history`; `failed` is below.
  complete: "complète",
  partial: "partielle",
  stopped: "arrêtée",
  paused: "en pause",
  aborted: "interrompue",
  refused: "refusée",
  killed: "tuée",
  // Outcomes of a user, in `why` and `history`.
  "{count} {outcome}": "{outcome} : {count}",
  created: "créé",
  updated: "modifié",
  sent: "envoyé",
  unchanged: "inchangé",
  incomplete: "arrivé sans toutes ses règles",
  failed: "en échec",
  skipped: "non envoyé",
  unverifiable: "impossible à vérifier",
  ignored: "laissé de côté",
  notSelected: "non choisi",
  queued: "mis en file d'attente",
  repeated: "déjà reçu",
  nothing: "rien",
  "; ": " ; ",
} as const;
