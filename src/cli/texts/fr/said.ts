/** Sentences of the command, by their English text. */
export const SAID = {
  "There is no language {language}: en, fr.": "Il n'y a pas de langue {language} : en, fr.",
  "{failure} ({code}).": "{failure} ({code}).",
  "Interrupted. Nothing was left half done.": "Interrompu. Rien n'est resté à moitié fait.",
  "\nWith the command: npx oplead ledger adopt": "\nAvec la commande : npx oplead ledger adopt",
  "\nPut the token into the environment or into a file .env beside the config. To try without one: --target fake":
    "\nMettez le jeton dans l'environnement ou dans un fichier .env à côté de la configuration. Pour essayer sans jeton : --target fake",
  "Stopping.": "Arrêt en cours.",
  "Stopped at once. What Oplead had acknowledged is in the ledger; the next run finds out the rest.":
    "Arrêt immédiat. Ce qu'Oplead avait confirmé est dans le registre ; la prochaine exécution trouve le reste.",
  "Warning:": "Avertissement :",
  "Error:": "Erreur :",
  "The result could not be written ({reason}).": "Le résultat n'a pas pu être écrit ({reason}).",
  "ENOSPC: the disk is full": "ENOSPC : le disque est plein",
  "  and {more} more": "  et {more} de plus",
  "The report could not be written to {file}": "Le rapport n'a pas pu être écrit dans {file}",
  "{done} of {total} users": "{done} sur {total} utilisateurs",
  "{count} failed": "{count} en échec",
  "{count} skipped": "{count} non envoyés",
  "{time} left": "reste {time}",
  "{file} {problem}. Save one with: npx oplead plan --out {file}":
    "{file} {problem}. Enregistrez-en un avec : npx oplead plan --out {file}",
  "{file} is not a plan: it is not JSON. Save one with: npx oplead plan --out {file}":
    "{file} n'est pas un plan : ce n'est pas du JSON. Enregistrez-en un avec : npx oplead plan --out {file}",
  "There is no plan {file}.": "Il n'y a pas de plan {file}.",
  "The plan {file} cannot be read ({code}).": "Le plan {file} est illisible ({code}).",
  "The outputs for GitHub Actions could not be written ({code}).":
    "Les sorties pour GitHub Actions n'ont pas pu être écrites ({code}).",
  "Finishing the requests in flight. Ctrl-C again stops at once.":
    "Fin des requêtes en cours. Un second Ctrl-C arrête tout de suite.",
  "The run is done, but {failure} ({code}).": "L'exécution est terminée, mais {failure} ({code}).",
  "{file} could not be written": "{file} n'a pas pu être écrit",
  "the mark of its ledger could not be written": "la marque de son registre n'a pas pu être écrite",
  "the texts for Oplead Care could not be written": "les textes pour Oplead Care n'ont pas pu être écrits",
  "its report could not be written to {file}": "son rapport n'a pas pu être écrit dans {file}",
  "Run {run}": "Exécution {run}",
  "Run {run}, written to {file}": "Exécution {run}, notée dans {file}",
  "Say until when: npx oplead pause --until 2d --reason TEXT. To end a pause: npx oplead pause --off.":
    "Dites jusqu'à quand : npx oplead pause --until 2d --reason TEXTE. Pour mettre fin à une pause : npx oplead pause --off.",
  "The pause is over: {pause}. The next run sends again.":
    "La pause est terminée : {pause}. La prochaine exécution envoie de nouveau.",
  "Runs are not paused.": "Les exécutions ne sont pas en pause.",
  "Runs are paused until {until}, for {time}. Webhooks and workers go on.":
    "Les exécutions sont en pause jusqu'à {until}, pour {time}. Webhooks et workers continuent.",
  "It replaces this pause: {pause}.": "Elle remplace cette pause : {pause}.",
  "To end it sooner: npx oplead pause --off": "Pour y mettre fin plus tôt : npx oplead pause --off",
  "until {until}, by {by} since {since}": "jusqu'à {until}, par {by} depuis {since}",
  "until {until}, by {by} since {since}: {reason}": "jusqu'à {until}, par {by} depuis {since} : {reason}",
  "paused: {pause}": "en pause : {pause}",
  "Whether runs are paused is not known: {why}": "On ne sait pas si les exécutions sont en pause : {why}",
  "To send again what failed, give the same command again.":
    "Pour renvoyer ce qui a échoué, donnez de nouveau la même commande.",
  "To send again what failed: npx oplead retry": "Pour renvoyer ce qui a échoué : npx oplead retry",
  "{message} The run was ended: what it does must be on record.":
    "{message} L'exécution a été arrêtée : ce qu'elle fait doit être noté.",
  "Interrupted with {users} left. Run the same command again to continue.":
    "Interrompu ; restent {users}. Relancez la même commande pour continuer.",
  "Interrupted with {users} left. Run the same command again: with --resend it begins anew.":
    "Interrompu ; restent {users}. Relancez la même commande : avec --resend, elle recommence depuis le début.",
  "The plan could not be written to {file}": "Le plan n'a pas pu être écrit dans {file}",
  "\nNothing to send.": "\nRien à envoyer.",
  "\nTo carry it out: {command}": "\nPour l'exécuter : {command}",
  "\nIf these reasons are expected, approve the plan:\n{command}":
    "\nSi ces raisons sont attendues, approuvez le plan :\n{command}",
  "The plan {plan} was refused. Nothing was sent.\n{reasons}\n{approval}":
    "Le plan {plan} a été refusé. Rien n'a été envoyé.\n{reasons}\n{approval}",
  "  {reason}": "  {reason}",
  "Not as approved, and left to the next run:\n{users}":
    "Différents de ce qui a été approuvé, et laissés à la prochaine exécution :\n{users}",
  "No plan with the hash {hash} is known here, and the present one has another: the source or the ledger has changed, or the plan was made elsewhere. Nothing was sent.\nRead the present plan: npx oplead plan":
    "Aucun plan portant l'empreinte {hash} n'est connu ici, et le plan actuel en a une autre : la source ou le registre a changé, ou le plan a été fait ailleurs. Rien n'a été envoyé.\nLisez le plan actuel : npx oplead plan",
  "The plan {plan} is out of date: it would send the same, but what speaks against it has changed. Nothing was sent.\nRead the new plan: npx oplead plan":
    "Le plan {plan} n'est plus à jour : il enverrait la même chose, mais ce qui s'y oppose a changé. Rien n'a été envoyé.\nLisez le nouveau plan : npx oplead plan",
  "Coverage: nothing to compare with yet: the ledger knows no user that Oplead has.":
    "Couverture : rien à comparer encore : le registre ne connaît aucun utilisateur présent dans Oplead.",
  "  Uncertain: of {users} the ledger keeps no rules yet.":
    "  Incertain : le registre ne garde pas encore les règles de {users}.",
  "  Users that left do not count, although Oplead still has their rules.":
    "  Les utilisateurs partis ne comptent pas, bien qu'Oplead ait encore leurs règles.",
  "Coverage:": "Couverture :",
  "Coverage: no change.": "Couverture : aucun changement.",
  "--approve names another plan than the file.": "--approve nomme un autre plan que le fichier.",
  "Name the plan: npx oplead apply plan.json, or --approve HASH. Without reading it first: npx oplead sync.":
    "Nommez le plan : npx oplead apply plan.json, ou --approve EMPREINTE. Sans le lire d'abord : npx oplead sync.",
  "is new in the plan": "est nouveau dans le plan",
  "has nothing to send any more": "n'a plus rien à envoyer",
  "would get something else": "recevrait autre chose",
  "is missing from the source now": "est maintenant absent de la source",
  "is in the source again": "est de nouveau dans la source",
  "{message} Nothing was sent.": "{message} Rien n'a été envoyé.",
  "  {user}: {what}": "  {user} : {what}",
  "The plan {plan} is out of date: the source or the ledger has changed. Nothing was sent.\n{lines}\nRead the new plan: npx oplead plan":
    "Le plan {plan} est périmé : la source ou le registre a changé. Rien n'a été envoyé.\n{lines}\nLisez le nouveau plan : npx oplead plan",
  '\nSend this to Oplead? Type "yes": ': "\nEnvoyer cela à Oplead ? Tapez « oui » : ",
  "The plan was not confirmed. Nothing was sent.": "Le plan n'a pas été confirmé. Rien n'a été envoyé.",
  "The config has audit: false, so nothing says what failed. Name the users: npx oplead retry ACCOUNT …; or send everything that is open: npx oplead sync; or what Oplead has refused: npx oplead retry --held":
    "La configuration a audit: false, donc rien ne dit ce qui a échoué. Nommez les utilisateurs : npx oplead retry COMPTE … ; ou envoyez tout ce qui reste : npx oplead sync ; ou ce qu'Oplead a refusé : npx oplead retry --held",
  "There is no run in the audit file {file}, so nothing says what failed. Name the users: npx oplead retry ACCOUNT …; or send everything that is open: npx oplead sync; or what Oplead has refused: npx oplead retry --held":
    "Il n'y a aucune exécution dans le journal d'audit {file}, donc rien ne dit ce qui a échoué. Nommez les utilisateurs : npx oplead retry COMPTE … ; ou envoyez tout ce qui reste : npx oplead sync ; ou ce qu'Oplead a refusé : npx oplead retry --held",
  "Nothing to send again.": "Rien à renvoyer.",
  " Oplead has refused {count} of them before: --held sends them all the same.":
    " Oplead en a déjà refusé {count} : --held les envoie quand même.",
  "{users} to send again.": "À renvoyer : {users}.",
  "{users} to send again (from run {run}).": "À renvoyer : {users} (de l'exécution {run}).",
  "No run has noted a failure of {user}. Runs note them beside the audit file.":
    "Aucune exécution n'a noté d'échec pour {user}. Elles les notent à côté du journal d'audit.",
  "All new values: the same command with --reveal": "Toutes les nouvelles valeurs : la même commande avec --reveal",
  "belongs to several records": "appartient à plusieurs enregistrements",
  "is that of {other}": "est aussi celui de {other}",
  "waits for {root}, which is {state}": "attend {root}, qui est {state}",
  "{user} cannot be sent:\n{lines}": "{user} ne peut pas être envoyé :\n{lines}",
  "The source has no user {user} that can be sent.": "La source n'a pas d'utilisateur {user} qui puisse être envoyé.",
  "{user} is held ({failure}); to send it again: npx oplead retry --held {user}.":
    "{user} est en attente de correction ({failure}) ; pour le renvoyer : npx oplead retry --held {user}.",
  "{user} has no change to send, as far as the source was read: --full reads all of it.":
    "{user} n'a aucun changement à envoyer, pour autant que la source a été lue : --full la lit en entier.",
  "{flag} is for a new plan, not for one that is read from a file.":
    "{flag} vaut pour un nouveau plan, pas pour un plan lu dans un fichier.",
  "--test sends from this process: leave out --queue.": "--test envoie depuis ce processus : retirez --queue.",
  "{count} forgotten; {lines} of the audit changed.": "Oubliés : {count}. Modifié dans l'audit : {lines}.",
  "{user} has no change to send.": "{user} n'a aucun changement à envoyer.",
  invalid: "non valide",
  held: "en attente de correction",
  duplicate: "en double",
  twin: "peut-être déjà connu",
  stale: "plus ancien que dans Oplead",
  unknown: "inconnu",
  "Target fake: a fake Oplead in this process. It and its ledger end with the command.":
    "Cible fake : un faux Oplead dans ce processus. Il disparaît avec son registre à la fin de la commande.",
  "--token-stdin reads a pipe: vault read … | oplead plan --token-stdin":
    "--token-stdin lit un tube : vault read … | oplead plan --token-stdin",
  "--token-stdin was given, and standard input is empty.": "--token-stdin est donné, et l'entrée standard est vide.",
  "Another run has the ledger at {path}. {holder} Wait until it has ended.":
    "Une autre exécution a le registre {path}. {holder} Attendez qu'elle se termine.",
  "It is in use by process {pid}: oplead {command}, run {run}, since {time}.":
    "Il est utilisé par le processus {pid} : oplead {command}, exécution {run}, depuis {time}.",
  "It is in use by process {pid} on {host}: oplead {command}, run {run}, since {time}.":
    "Il est utilisé par le processus {pid} sur {host} : oplead {command}, exécution {run}, depuis {time}.",
  "A queue reaches other processes, and the target fake does not.":
    "Une file d'attente atteint d'autres processus, et la cible fake n'en atteint pas.",
  "queue: is missing in the config, and this command needs it":
    "queue : manque dans la configuration, et cette commande en a besoin",
  "ledger: must be one that processes share if there is a queue, for example redisLedger(redis) of oplead-sdk/redis":
    "ledger : doit être partagé entre processus s'il y a une file d'attente, par exemple redisLedger(redis) de oplead-sdk/redis",
  "The queue needs two more packages: npm install bullmq ioredis":
    "La file d'attente a besoin de deux paquets : npm install bullmq ioredis",
  "map failed for {records}: npx oplead plan says why.": "map a échoué pour {records} : npx oplead plan dit pourquoi.",
  "{file} cannot be read": "{file} est illisible",
  "{name}: {what}": "{name} : {what}",
  "Nothing is broken.": "Rien n'est cassé.",
  "{checks} failed.": "En échec : {checks}.",
  "Base URL": "Adresse de base",
  Clock: "Horloge",
  Config: "Configuration",
  Facts: "Faits",
  Ledger: "Registre",
  Package: "Paquet",
  Queue: "File d'attente",
  Notify: "Alertes",
  // The columns of leavers as CSV.
  accountNumber: "numéro de compte",
  id: "ID Oplead",
  missingSince: "absent depuis le",
  days: "jours",
  state: "état",
  "Nothing had to be sent, and Oplead could not be asked ({code}).":
    "Il n'y avait rien à envoyer, et Oplead n'a pas pu être interrogé ({code}).",
  "Written: {file}": "Écrit : {file}",
  "The config has no audit file (audit: false).": "La configuration n'a pas de journal d'audit (audit: false).",
  "No leavers.": "Aucun départ.",
  "{state}  {user}  id {id}  missing since {day}  days {days}":
    "{state}  {user}  id {id}  absent depuis le {day}  jours {days}",
  "No leavers: {users}.": "Pas des départs : {users}.",
  "{count} done.": "Traités : {count}.",
  "{count} open again.": "De nouveau ouverts : {count}.",
  "No users.": "Aucun utilisateur.",
  "The ledger has no user {user}.": "Le registre n'a pas d'utilisateur {user}.",
  "{file}, row {row}: an account number and an id are needed. Nothing was imported.":
    "{file}, ligne {row} : il faut un numéro de compte et un ID. Rien n'a été importé.",
  "The ledger has another id for {users}: these stay as they are.":
    "Le registre a un autre ID pour {users} : ils restent tels quels.",
  "{imported} imported, {kept} known before.": "{imported} importés, {kept} déjà connus.",
  "The source still has {users}. Nothing was moved: these people have not got another number. If the source is not up to date, give --no-check.":
    "La source a toujours {users}. Rien n'a été déplacé : ces personnes n'ont pas changé de numéro. Si la source n'est pas à jour, ajoutez --no-check.",
  "Give the old and the new number, or --file: npx oplead ledger move FROM TO":
    "Donnez l'ancien et le nouveau numéro, ou --file : npx oplead ledger move ANCIEN NOUVEAU",
  "The ledger has no id of {from}, so nothing was moved to {to}.":
    "Le registre n'a pas d'ID pour {from}, donc rien n'a été déplacé vers {to}.",
  "The ledger has another user under {to}: {from} stays as it is.":
    "Le registre a un autre utilisateur sous {to} : {from} reste tel quel.",
  "{moved} moved, {before} moved before.": "{moved} déplacés, {before} déjà déplacés.",
  "In test mode the ledger stays as it is.": "En mode test, le registre reste tel quel.",
  "The ledger belongs to {platform}.": "Le registre appartient à {platform}.",
  "The ledger belongs to {platform}, no longer to {before}.":
    "Le registre appartient à {platform}, et non plus à {before}.",
  "no id": "pas d'ID",
  "held: {failure} since {day}": "en attente de correction : {failure} depuis le {day}",
  "missing since {day}": "absent depuis le {day}",
  damaged: "endommagé",
  "none: Oplead has not accepted it yet": "aucun : Oplead ne l'a pas encore accepté",
  "  id: {id}": "  ID : {id}",
  "  last written: {time}": "  écrit en dernier : {time}",
  "  rules: {rules}": "  règles : {rules}",
  "  version: {version}": "  version : {version}",
  "(no account number)": "(sans numéro de compte)",
  "row {row}": "ligne {row}",
  "map failed": "map a échoué",
  "Left out, because the record is invalid and is not sent ({count})":
    "Laissés de côté, car l'enregistrement n'est pas valide et n'est pas envoyé ({count})",
  "no other user for {postcodes}": "aucun autre utilisateur pour {postcodes}",
  "no other user for {postcodes} ({inhabitants})": "aucun autre utilisateur pour {postcodes} ({inhabitants})",
  "Working. Ctrl-C ends it.": "Au travail. Ctrl-C y met fin.",
  "Working in test mode. Ctrl-C ends it.": "Au travail en mode test. Ctrl-C y met fin.",
  "Stopping: finishing the users under way. Ctrl-C again stops at once.":
    "Arrêt : fin des utilisateurs en cours. Un second Ctrl-C arrête tout de suite.",
  "{users} worked on.": "Traités : {users}.",
  "Receiving deliveries at {address} (probes: /healthz, /readyz). Ctrl-C ends it.":
    "Réception des livraisons à {address} (sondes : /healthz, /readyz). Ctrl-C y met fin.",
  "Stopping: waiting for the deliveries under way. Ctrl-C again stops at once.":
    "Arrêt : attente des livraisons en cours. Un second Ctrl-C arrête tout de suite.",
  "Metrics at {address} (probes: /healthz, /readyz).": "Mesures à {address} (sondes : /healthz, /readyz).",
  "Cannot listen at {address} ({code}).": "Écoute impossible à {address} ({code}).",
  "{jobs} started again.": "Relancé : {jobs}.",
  "The oldest has waited for {time}.": "La plus ancienne attend depuis {time}.",
  "The shared rate has no pause now.": "Le débit partagé n'est plus en pause.",
  "client.rateLimit of the config is not a redisRate.": "client.rateLimit de la configuration n'est pas un redisRate.",
  "{message} Users are sent all the same.": "{message} Les utilisateurs sont envoyés quand même.",
  "The audit lacks {lines}.": "Il manque à l'audit : {lines}.",
  "{file} is there already; nothing was written.": "{file} existe déjà ; rien n'a été écrit.",
  "A fake Oplead listens at {url}\n\n  OPLEAD_BASE_URL={url}\n  OPLEAD_TOKEN={token}":
    "Un faux Oplead écoute à {url}\n\n  OPLEAD_BASE_URL={url}\n  OPLEAD_TOKEN={token}",
  "{users}, {requests}, {duplicates}.": "{users}, {requests}, {duplicates}.",
  "{url} cannot be reached ({why}). Start it with: oplead serve":
    "{url} est injoignable ({why}). Lancez-le avec : oplead serve",
  "no answer": "aucune réponse",
  "--to {url}: is not an address.": "--to {url} : ce n'est pas une adresse.",
  "{file} is not JSON.": "{file} n'est pas du JSON.",
  "{file} cannot be read ({code}).": "{file} est illisible ({code}).",
  "\nInstall the package here, so that the config can import it:\n\n  npm install oplead-sdk\n":
    "\nInstallez le paquet ici, pour que la configuration puisse l'importer :\n\n  npm install oplead-sdk\n",
  "\nNo token is needed to try it:\n\n  npx oplead plan --target fake\n":
    "\nAucun jeton n'est nécessaire pour essayer :\n\n  npx oplead plan --target fake\n",
  "Written: {files}\n": "Écrit : {files}\n",
  "\nRead: {people}\n": "\nLu : {people}\n",
  "\nRead: {people}, {others}, which the config leaves out\n":
    "\nLu : {people}, {others}, que la configuration laisse de côté\n",
  "Not recognised, so not used": "Non reconnu, donc pas utilisé",
  Recognised: "Reconnu",
  "To do in the config before anything is sent to Oplead": "À faire dans la configuration avant tout envoi à Oplead",
  "{title}:": "{title} :",
  " (by its cells)": " (par ses cellules)",
} as const;
