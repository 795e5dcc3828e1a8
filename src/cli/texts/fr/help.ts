/** The help of the command, by its English text. */
export const HELP = {
  // Groups and titles.
  "Keeps the users of Oplead in step with your own system.":
    "Garde les utilisateurs d'Oplead en accord avec votre propre système.",
  "\nTo try it without a token:": "\nPour essayer sans jeton :",
  "show the version": "affiche la version",
  "show help": "affiche l'aide",
  "show the help of a command": "affiche l'aide d'une commande",
  ". A first run is approved by the hash of its plan, as any plan that was refused: npx oplead sync prints the command, npx oplead sync --approve HASH.":
    ". Une première exécution s'approuve par l'empreinte de son plan, comme tout plan refusé : npx oplead sync affiche la commande, npx oplead sync --approve HASH.",
  ". The token comes from OPLEAD_TOKEN in the environment or in .env, from the config, or from --token-stdin.":
    ". Le jeton vient de OPLEAD_TOKEN dans l'environnement ou dans .env, de la configuration, ou de --token-stdin.",
  // Summaries.
  "write a config: a sample, or one made from your CSV file or workbook":
    "écrit une configuration : un exemple, ou d'après votre fichier CSV ou votre classeur",
  "check Node, the config, the token, the address, the ledger":
    "vérifie Node, la configuration, le jeton, l'adresse, le registre",
  "find out what the platform is like; writes nothing to Oplead":
    "découvre comment est la plateforme ; n'écrit rien dans Oplead",
  "write the types of your platform's OpenAPI document": "écrit les types du document OpenAPI de votre plateforme",
  "show what a run would do, or a saved plan; writes nothing to Oplead":
    "montre ce que ferait une exécution, ou un plan enregistré ; n'écrit rien dans Oplead",
  "carry out a plan that was read": "exécute un plan qui a été lu",
  "plan and apply within the guard, for cron": "planifie et applique dans les limites du garde-fou, pour cron",
  "send again what failed or is held": "renvoie ce qui a échoué ou attend une correction",
  "show, export, import and repair what is known of users":
    "montre, exporte, importe et répare ce qui est connu des utilisateurs",
  "list the users that left the source, and tick them off":
    "liste les utilisateurs qui ont quitté la source, et les coche",
  "list the runs, or say what became of one": "liste les exécutions, ou dit ce qu'est devenue l'une d'elles",
  "tell what happened to one user, and what tonight's run would do":
    "raconte ce qui est arrivé à un utilisateur, et ce que ferait l'exécution de cette nuit",
  "show the last run, open problems, leavers and the queue":
    "montre la dernière exécution, les problèmes ouverts, les départs et la file d'attente",
  "say who is eligible for a lead, and why": "dit qui peut recevoir un lead, et pourquoi",
  "find gaps, overlaps and rules that never match":
    "trouve les trous, les chevauchements et les règles qui ne servent jamais",
  "receive the webhook of the config": "reçoit le webhook de la configuration",
  "bring the users of the queue to Oplead, or look after the queue":
    "envoie à Oplead les utilisateurs de la file d'attente, ou s'occupe de la file",
  "sign and send a webhook delivery, as the source would":
    "signe et envoie une livraison au webhook, comme le ferait la source",
  "run a fake Oplead": "lance un faux Oplead",
  // Instead of commands that are gone.
  "There is no command {command}. Instead: {instead}.": "La commande {command} n'existe pas. À la place : {instead}.",
  "npx oplead sync --source FILE sends what an earlier export says; npx oplead pause --until TIME keeps the runs until then from sending":
    "npx oplead sync --source FICHIER envoie ce que dit un export plus ancien ; npx oplead pause --until HEURE empêche les exécutions d'envoyer d'ici là",
  "npx oplead plan FILE, which shows a saved plan": "npx oplead plan FICHIER, qui affiche un plan enregistré",
  "npx oplead plan --only ACCOUNT --all, which shows what would be sent for one user":
    "npx oplead plan --only COMPTE --all, qui montre ce qui serait envoyé pour un utilisateur",
  "npx oplead sync --test, which lets Oplead check the plan in test mode":
    "npx oplead sync --test, qui fait contrôler le plan par Oplead en mode test",
  "npx oplead why ACCOUNT --support, which prints the text for Oplead Care":
    "npx oplead why COMPTE --support, qui affiche le texte destiné à Oplead Care",
  "npx oplead coverage --online, which also compares the rules of all users with the platform":
    "npx oplead coverage --online, qui compare aussi les règles de tous les utilisateurs à la plateforme",
  "npx oplead coverage, which also judges the policies of the config":
    "npx oplead coverage, qui juge aussi les politiques de la configuration",
  "npx oplead ledger forget ACCOUNT, which forgets a user in the audit as well":
    "npx oplead ledger forget COMPTE, qui oublie aussi l'utilisateur dans le journal d'audit",
  "npx oplead doctor --notify, which sends a sample alert to each target":
    "npx oplead doctor --notify, qui envoie une alerte d'essai à chaque destination",
  "npx oplead worker status and npx oplead worker retry-failed":
    "npx oplead worker status et npx oplead worker retry-failed",
  "npx oplead worker reset-rate, which ends a pause of the shared rate":
    "npx oplead worker reset-rate, qui met fin à une pause du débit partagé",
  // Options of several commands.
  "write the result as JSON, also a failure": "écrit le résultat en JSON, un échec aussi",
  "write the result and errors only": "n'écrit que le résultat et les erreurs",
  "the language of all texts; JSON and codes stay as they are (default: OPLEAD_LANGUAGE, then the locale)":
    "la langue de tous les textes ; JSON et codes restent tels quels (par défaut : OPLEAD_LANGUAGE, puis la langue du système)",
  "the config file (default: {files})": "le fichier de configuration (par défaut : {files})",
  'a target of the config; "fake" is a fake Oplead in this process':
    "une cible de la configuration ; « fake » est un faux Oplead dans ce processus",
  "a target of the config": "une cible de la configuration",
  "read the API token from standard input": "lit le jeton d'API sur l'entrée standard",
  "the form of the result": "la forme du résultat",
  "also write the report: .csv, .md, .json or .txt (can be repeated)":
    "écrit aussi le rapport : .csv, .md, .json ou .txt (peut être répétée)",
  "also write it as a page for the person who approves; it loads nothing from anywhere":
    "l'écrit aussi sous forme de page pour qui approuve ; elle ne charge rien d'ailleurs",
  "read the whole source, where the config asks for changes only (incremental)":
    "lit toute la source, là où la configuration ne demande que les changements (incremental)",
  "the account number of a user": "le numéro de compte d'un utilisateur",
  "show every row, and each change by itself; with --only also what would be sent, by path":
    "montre toutes les lignes, et chaque changement séparément ; avec --only aussi ce qui serait envoyé, par chemin",
  "with --html, or --only and --all: show new values, and old ones as far as the ledger keeps them; they may be personal data":
    "avec --html, ou --only et --all : montre les nouvelles valeurs, et les anciennes si le registre les garde ; elles peuvent être personnelles",
  "a plan that was saved by: oplead plan --out; it is shown, and the source is not read":
    "un plan enregistré par : oplead plan --out ; il est montré, et la source n'est pas lue",
  "let Oplead check the changes in test mode: it keeps nothing, and the ledger stays as it is":
    "fait vérifier les changements par Oplead en mode test : il n'en garde rien, et le registre reste tel quel",
  "send at most this many users, for a trial; with --test spread evenly over the plan":
    "envoie au plus ce nombre d'utilisateurs, pour un essai ; avec --test, répartis dans le plan",
  "a plan that was saved by: oplead plan --out": "un plan enregistré par : oplead plan --out",
  // plan, apply, sync, retry
  "save the plan: hashes and account numbers, no personal data":
    "enregistre le plan : empreintes et numéros de compte, aucune donnée personnelle",
  "plan these users only": "ne planifie que ces utilisateurs",
  "plan at most this many users": "planifie au plus ce nombre d'utilisateurs",
  "plan everything again, also what Oplead has according to the ledger":
    "planifie tout de nouveau, même ce qu'Oplead a selon le registre",
  "end with 2 if there are changes, 3 if the guard would refuse them, 5 if records cannot be sent":
    "se termine par 2 s'il y a des changements, 3 si le garde-fou les refuserait, 5 si des enregistrements ne peuvent pas être envoyés",
  "Writes nothing to Oplead.\nExit codes: 0 success; 1 error. With --detailed-exitcode the first of: 3 the guard would refuse the plan; 5 records cannot be sent; 2 changes are pending.":
    "N'écrit rien dans Oplead.\nCodes de sortie : 0 succès ; 1 erreur. Avec --detailed-exitcode, le premier de : 3 le garde-fou refuserait le plan ; 5 des enregistrements ne peuvent pas être envoyés ; 2 il y a des changements à envoyer.",
  "the hash of the plan that was read": "l'empreinte du plan qui a été lu",
  "send everything again, as plan --resend has shown it": "renvoie tout, comme plan --resend l'a montré",
  "send these users only, for a trial": "n'envoie que ces utilisateurs, pour un essai",
  "send at most this many users, for a trial": "envoie au plus ce nombre d'utilisateurs, pour un essai",
  "Reads the source again and compares it with the plan. Without a plan it shows one and asks, on a terminal only.\nExit codes: 0 success; 3 the plan is not the one that was read; 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.":
    "Relit la source et la compare au plan. Sans plan, en montre un et demande l'accord, seulement dans un terminal.\nCodes de sortie : 0 succès ; 3 le plan n'est pas celui qui a été lu ; 4 échec partiel ; 5 tout est envoyé, sauf des enregistrements qui ne peuvent pas l'être ; 1 erreur, ou rien n'est arrivé ; 130 interruption.",
  "send everything again, also what Oplead has according to the ledger":
    "renvoie tout, même ce qu'Oplead a selon le registre",
  "carry out the plan with this hash, and no other, although it was refused":
    "exécute le plan qui a cette empreinte, et aucun autre, bien qu'il ait été refusé",
  "leave problems that the last run had as well out of the exit code":
    "ne compte pas dans le code de sortie les problèmes que la dernière exécution avait déjà",
  "let the workers of the config's queue send the users, and wait for them":
    "fait envoyer les utilisateurs par les workers de la file d'attente de la configuration, et les attend",
  "With --test, what depends on a user that only the run itself would create cannot be verified.\nExit codes: 0 success; 3 stopped by the guard (read the plan, then: oplead sync --approve HASH); 4 partly failed; 5 all was sent but records that cannot be; 1 error, or nothing arrived; 130 interrupted.":
    "Avec --test, ce qui dépend d'un utilisateur que seule l'exécution créerait ne peut pas être vérifié.\nCodes de sortie : 0 succès ; 3 arrêt par le garde-fou (lisez le plan, puis : oplead sync --approve EMPREINTE) ; 4 échec partiel ; 5 tout est envoyé, sauf des enregistrements qui ne peuvent pas l'être ; 1 erreur, ou rien n'est arrivé ; 130 interruption.",
  "read this CSV, Excel or JSON file in place of the config's source, to take back a bad run":
    "lit ce fichier CSV, Excel ou JSON à la place de la source de la configuration, pour rétablir après une mauvaise exécution",
  // pause
  "keep runs from sending until a time, or end that": "empêche les exécutions d'envoyer jusqu'à une date, ou y met fin",
  "when it is over: 2d, 36h, 2026-01-31 08:00, or ISO 8601; at most 30 days":
    "quand elle prend fin : 2d (jours), 36h, 2026-01-31 08:00, ou ISO 8601 ; 30 jours au plus",
  "why, for those who find the runs paused": "pourquoi, pour qui trouve les exécutions en pause",
  "end the pause now": "met fin à la pause maintenant",
  "sync, apply and retry send nothing until then: they say who paused, and end with 0. A run under way ends before its next user. Webhooks and workers go on, and so does test mode. Can be given while a run is under way.":
    "sync, apply et retry n'envoient rien jusque-là : elles disent qui a mis en pause, et se terminent par 0. Une exécution en cours s'arrête avant son prochain utilisateur. Webhooks et workers continuent, le mode test aussi. Peut être donnée pendant une exécution.",
  "It must be a length of time (2d, 36h, 90m), a local time (2026-01-31 08:00), or ISO 8601 with its zone.":
    "Doit être une durée (2d pour deux jours, 36h, 90m), une heure locale (2026-01-31 08:00), ou de l'ISO 8601 avec son fuseau.",
  "only these users": "seulement ces utilisateurs",
  "also send what Oplead has refused, although nothing in it has changed":
    "envoie aussi ce qu'Oplead a refusé, même si rien n'y a changé",
  "Without account numbers: the users that the last run of the audit file could not send.\nExit codes: 0 success, or nothing to send; 3 stopped by the guard; 4 partly failed; 5 records cannot be sent; 1 error; 130 interrupted.":
    "Sans numéros de compte : les utilisateurs que la dernière exécution du journal d'audit n'a pas pu envoyer.\nCodes de sortie : 0 succès, ou rien à envoyer ; 3 arrêt par le garde-fou ; 4 échec partiel ; 5 des enregistrements ne peuvent pas être envoyés ; 1 erreur ; 130 interruption.",
  "show the values that tonight's run would send, which may be personal data":
    "montre les valeurs que l'exécution de cette nuit enverrait, qui peuvent être personnelles",
  // history, why, status
  "list this many runs": "liste ce nombre d'exécutions",
  "a run: what became of each of its users": "une exécution : ce qu'est devenu chacun de ses utilisateurs",
  "Reads the audit file only, so it can be asked while a run is under way.":
    "Ne lit que le journal d'audit, donc utilisable pendant une exécution.",
  "do not read the source, so do not say what tonight's run would do":
    "ne lit pas la source, donc ne dit pas ce que ferait l'exécution de cette nuit",
  "Tells it from the audit file, the ledger and the plan. While a run has the ledger, from the audit file alone. Writes nothing.":
    "Le raconte d'après le journal d'audit, le registre et le plan. Pendant qu'une exécution a le registre, d'après le journal seul. N'écrit rien.",
  "print the text for Oplead Care about the last failure of the user; no personal data, no token":
    "affiche le texte pour Oplead Care sur le dernier échec de l'utilisateur ; ni donnée personnelle, ni jeton",
  "also send a sample to each target of the config's notify; a heartbeat gets one of success":
    "envoie aussi un essai à chaque cible de notify dans la configuration ; un battement de cœur en reçoit un de succès",
  "end with 1 unless a night has ended well in this time: 90m, 26h, 2d":
    "se termine par 1 si aucune nuit ne s'est bien terminée dans ce délai : 90m, 26h, 2d",
  "print one line for a monitor, and end with 0, 1, 2 or 3 (--max-age: default 26h)":
    "écrit une ligne pour une supervision, et se termine par 0, 1, 2 ou 3 (--max-age : 26h par défaut)",
  "write the figures for the textfile collector of node_exporter: oplead.prom":
    "écrit les chiffres pour le collecteur textfile de node_exporter : oplead.prom",
  "Reads the audit file, whether runs are paused, and the queue if the config has one. Opens no ledger in a folder, so it can be asked while a run is under way.\nA night is a run of sync or apply with all users, whatever came of it. Exit codes: 0 success; 1 error, no night within --max-age or one that did not do its work, or the queue cannot be asked.\nWith --check: 0 the newest night ended well and is younger than --max-age; 1 some of its rows could not be sent, or runs are paused; 2 it failed, was refused, or is older; 3 the audit cannot be read.":
    "Lit le journal d'audit, la pause des exécutions, et la file d'attente si la configuration en a une. N'ouvre aucun registre dans un dossier, donc utilisable pendant une exécution.\nUne nuit est une exécution de sync ou d'apply avec tous les utilisateurs, quel qu'en soit le résultat. Codes de sortie : 0 succès ; 1 erreur, aucune nuit dans --max-age ou une nuit qui n'a pas fait son travail, ou file d'attente injoignable.\nAvec --check : 0 la dernière nuit s'est bien passée et date de moins que --max-age ; 1 certaines de ses lignes n'ont pas pu être envoyées, ou les exécutions sont en pause ; 2 elle a échoué, a été refusée ou est plus ancienne ; 3 l'audit ne peut pas être lu.",
  "It must be a whole number of minutes, hours or days: 90m, 26h, 2d.":
    "Il faut un nombre entier de minutes, d'heures ou de jours : 90m, 26h, 2d.",
  // ledger, leavers
  "only those of which something is held": "seulement ceux dont quelque chose attend une correction",
  "only those that left the source": "seulement ceux qui ont quitté la source",
  "do not ask the source of the config whether it still has the old numbers":
    "ne pas demander à la source de la configuration si elle a toujours les anciens numéros",
  "a CSV file with the columns from and to": "un fichier CSV avec les colonnes « from » et « to »",
  "list what is known of the users": "liste ce qui est connu des utilisateurs",
  "show what is known of one user": "montre ce qui est connu d'un utilisateur",
  "forget users here and in every file of the audit; the next run looks up those that the source still has, and sends them again":
    "oublie des utilisateurs ici et dans tous les fichiers de l'audit ; la prochaine exécution cherche ceux que la source a encore, et les renvoie",
  "write accountNumber,id lines": "écrit des lignes accountNumber,id",
  "read a CSV file with the columns accountNumber and id, of users that Oplead already has":
    "lit un fichier CSV avec les colonnes accountNumber et id, d'utilisateurs qu'Oplead a déjà",
  "give users the account numbers that they have now: the next run updates them by their ids":
    "donne à des utilisateurs leurs numéros de compte actuels : la prochaine exécution les met à jour par leurs ID",
  "give the ledger to the platform of the config, after it moved to a new address":
    "donne le registre à la plateforme de la configuration, qui a changé d'adresse",
  "only those whose grace period is over; ends with 5 if there are any":
    "seulement ceux dont le délai est écoulé ; se termine par 5 s'il y en a",
  "write the list as CSV": "écrit la liste en CSV",
  "note that these were dealt with in Oplead": "note que ceux-ci ont été traités dans Oplead",
  "take that back": "annule cette note",
  "Oplead documents no way to remove a user: deal with each of them there, then tick it off here.":
    "Oplead ne documente aucun moyen de retirer un utilisateur : traitez chacun là-bas, puis cochez-le ici.",
  // doctor, fake, init, probe, types
  "a config whose profiles (fake.profiles) the fake has":
    "une configuration dont le faux Oplead a les profils (fake.profiles)",
  "the port; 0 is a free one": "le port ; 0 en prend un libre",
  "how many users it has at the start": "combien d'utilisateurs il a au début",
  "the share of calls that fail, in all known ways, for example 5%":
    "la part des appels qui échouent, de toutes les façons connues, par exemple 5%",
  "the token that it accepts; not a secret": "le jeton qu'il accepte ; ce n'est pas un secret",
  "Its state is in memory and ends with the command. It listens at 127.0.0.1 only.":
    "Son état est en mémoire et disparaît avec la commande. Il n'écoute qu'en 127.0.0.1.",
  "It must be a share, for example 5% or 0.05.": "Il faut une part, par exemple 5% ou 0.05.",
  "Reads the profiles of Oplead and writes nothing.\nExit codes: 0 nothing is broken, perhaps with warnings; 1 something is broken.":
    "Lit les profils d'Oplead et n'écrit rien.\nCodes de sortie : 0 rien n'est cassé, avec peut-être des avertissements ; 1 quelque chose est cassé.",
  "write oplead.config.ts (default where there is a tsconfig.json; else oplead.config.mjs)":
    "écrit oplead.config.ts (par défaut s'il y a un tsconfig.json ; sinon oplead.config.mjs)",
  "write a config for this CSV file or workbook, and show the plan against a fake Oplead":
    "écrit une configuration pour ce fichier CSV ou ce classeur, et montre le plan pour un faux Oplead",
  "with --from: the sheet of a workbook (default: the first that is not hidden)":
    "avec --from : la feuille d'un classeur (par défaut : la première qui n'est pas masquée)",
  "Replaces no file.": "Ne remplace aucun fichier.",
  "a user of the source that Oplead has as it is; it is sent unchanged, in test mode":
    "un utilisateur de la source qu'Oplead a tel quel ; il est envoyé inchangé, en mode test",
  "create users in test mode too, once an answer shows that test mode arrives":
    "crée aussi des utilisateurs en mode test, dès qu'une réponse montre que le mode test arrive",
  'a further way for the token: a header\'s name, or "bearer"; can be repeated':
    "une autre façon de donner le jeton : le nom d'un en-tête, ou « bearer » ; peut être répétée",
  "requests at most (default: 60)": "nombre maximal de requêtes (par défaut : 60)",
  "list the requests and send none": "liste les requêtes et n'en envoie aucune",
  "say what changed since the file was written, and leave it as it is":
    "dit ce qui a changé depuis que le fichier a été écrit, et le laisse tel quel",
  "the file (default: facts of the config, else platform-facts.json)":
    "le fichier (par défaut : facts de la configuration, sinon platform-facts.json)",
  "Writes nothing to Oplead.\nExit codes: 0 the facts are written, or nothing changed; 1 it failed; with --compare also 2 something changed, and 3 something that the package relies on changed.":
    "N'écrit rien dans Oplead.\nCodes de sortie : 0 les faits sont écrits, ou rien n'a changé ; 1 échec ; avec --compare aussi 2 quelque chose a changé, et 3 quelque chose sur quoi le paquet compte a changé.",
  'It must be the name of a header, or "bearer".': "Il faut le nom d'un en-tête, ou « bearer ».",
  "the file that is written": "le fichier écrit",
  "the OpenAPI document, or the Swagger page that shows it: an address or a file":
    "le document OpenAPI, ou la page Swagger qui le montre : une adresse ou un fichier",
  "For a page behind a login, set OPLEAD_SCHEMA_AUTH to a header line: Authorization: Basic …":
    "Pour une page protégée, mettez dans OPLEAD_SCHEMA_AUTH une ligne d'en-tête : Authorization: Basic …",
  // serve, worker, trigger
  "users at once (default: the client's maxConcurrency)":
    "utilisateurs en même temps (par défaut : maxConcurrency du client)",
  "after how long without a sign of life its users go to another worker (default: 30000)":
    "délai sans signe de vie après lequel ses utilisateurs passent à un autre worker (par défaut : 30000)",
  "a port with /healthz, /readyz and /metrics; 0 is a free one":
    "un port avec /healthz, /readyz et /metrics ; 0 en prend un libre",
  "the address of that port": "l'adresse de ce port",
  "Runs until SIGTERM or Ctrl-C, and then finishes the users under way. Start as many workers as you like, on any number of machines, with one ledger that all of them share.":
    "Tourne jusqu'à SIGTERM ou Ctrl-C, puis termine les utilisateurs en cours. Lancez autant de workers que vous voulez, sur autant de machines que vous voulez, avec un seul registre partagé.",
  "end the pause that Oplead asked all machines for": "met fin à la pause qu'Oplead a demandée à toutes les machines",
  "For the shared rate (redisRate) in client.rateLimit. Clients also forget what 429s taught them about the limit. A pause of more than a minute ends by itself, within ten minutes of Oplead being well.":
    "Pour le débit partagé (redisRate) de client.rateLimit. Les clients oublient aussi ce que les 429 leur ont appris de la limite. Une pause de plus d'une minute se termine d'elle-même, dans les dix minutes après le retour d'Oplead.",
  "count the jobs by state, and show why the failed ones failed":
    "compte les tâches par état, et montre pourquoi certaines ont échoué",
  "start every job again that is out of attempts": "relance chaque tâche qui a épuisé ses tentatives",
  "the address to listen at": "l'adresse d'écoute",
  "store users in the config's queue, for oplead worker, instead of sending them to Oplead":
    "met les utilisateurs dans la file d'attente de la configuration, pour oplead worker, au lieu de les envoyer à Oplead",
  "a second port, with /metrics, /healthz and /readyz": "un second port, avec /metrics, /healthz et /readyz",
  "the address of the second port": "l'adresse du second port",
  "how long deliveries are still received after a signal, while /readyz answers 503":
    "combien de temps les livraisons sont encore reçues après un signal, pendant que /readyz répond 503",
  "Receives deliveries with POST at any path. GET /healthz answers 200 while it runs; GET /readyz 503 with the reason if the ledger, the queue or the token cannot be used. SIGTERM and Ctrl-C end it after the deliveries under way.":
    "Reçoit les livraisons par POST à n'importe quel chemin. GET /healthz répond 200 tant que la commande tourne ; GET /readyz répond 503 avec la raison si le registre, la file d'attente ou le jeton sont inutilisables. SIGTERM et Ctrl-C y mettent fin après les livraisons en cours.",
  "where the delivery goes": "où va la livraison",
  "the delivery's id; the same one again is a repetition":
    "l'ID de la livraison ; le même une seconde fois est une répétition",
  'the event: a JSON file ("-": standard input)': "l'événement : un fichier JSON (« - » : entrée standard)",
  "Signs with the config's `trigger`: the scheme and the secrets of the source.\nExit codes: 0 accepted (2xx); 1 refused or not reached.":
    "Signe avec `trigger` de la configuration : le procédé et les secrets de la source.\nCodes de sortie : 0 acceptée (2xx) ; 1 refusée ou injoignable.",
  // What is wrong with the arguments.
  "It must be a whole number from {min} to {max}.": "Il faut un nombre entier de {min} à {max}.",
  "The name must end in {endings}.": "Le nom doit se terminer par {endings}.",
} as const;
