import type { TextsLike } from "../coded.ts";
import type { COMMAND_HELP, LIVE_COMMANDS, RULE_COMMANDS, RUN_COMMANDS, START_COMMANDS } from "../en/command-help.ts";
import { french } from "./words.ts";

export const COMMAND_HELP_FR: TextsLike<typeof COMMAND_HELP> = /* @__PURE__ */ french({
  group_start: "Pour commencer :",
  group_runs: "Exécutions :",
  group_rules: "Règles :",
  group_live: "Webhook et file d’attente :",
  title_usage: "Utilisation :",
  title_arguments: "Arguments :",
  title_options: "Options :",
  title_commands: "Commandes :",
  option_choices: ({ choices }) => `choix : ${choices}`,
  option_default: ({ value }) => `par défaut : ${value}`,
  unknown_option: ({ flag, hint }) => `option inconnue « ${flag} »${hint}`,
  unknown_code: ({ code }) => `Il n’existe ni commande ni code ${code}.`,
  unknown_command: ({ command, hint }) => `commande inconnue « ${command} »${hint}`,
  did_you_mean: ({ word }) => `\n(Vouliez-vous dire ${word} ?)`,
  did_you_mean_one: ({ words }) => `\n(Vouliez-vous dire : ${words} ?)`,
  argument_missing: ({ name }) => `il manque l’argument « ${name} »`,
  option_without_value: ({ flags }) => `l’option « ${flags} » exige une valeur`,
  too_many_arguments: ({ command, expected, given }) =>
    `trop d’arguments pour « ${command} ». Attendus : ${expected}, donnés : ${given}.`,
  value_invalid: ({ flags, value, reason }) =>
    `option « ${flags} » : la valeur « ${value} » n’est pas valide. ${reason}`,
  choices_allowed: ({ choices }) => `Valeurs possibles : ${choices}.`,
  program_summary: "Tient les utilisateurs d’Oplead à jour à partir de votre système.",
  program_try: "\nPour essayer sans jeton :",
  option_version: "affiche la version",
  option_help: "affiche l’aide",
  help_summary: "affiche l’aide d’une commande, ou que faire d’une erreur d’après son code",
  usage_first_run:
    ". Une première exécution s’approuve par le code de son plan, comme tout plan refusé : npx oplead-sdk sync affiche la commande, npx oplead-sdk sync --approve CODE.",
  usage_token:
    ". Le jeton vient de OPLEAD_TOKEN dans l’environnement ou dans .env, de la configuration, ou de --token-stdin.",
  no_such_command: ({ command, instead }) => `La commande ${command} n’existe pas. À la place : ${instead}.`,
  instead_of_undo:
    "npx oplead-sdk sync --source FICHIER envoie ce que dit un export plus ancien ; npx oplead-sdk pause --until HEURE empêche les exécutions d’envoyer d’ici là",
  instead_of_show: "npx oplead-sdk plan FICHIER, qui affiche un plan enregistré",
  instead_of_diff: "npx oplead-sdk plan --only COMPTE --all, qui montre ce qui serait envoyé pour un utilisateur",
  instead_of_verify: "npx oplead-sdk sync --test, qui fait vérifier le plan par Oplead en mode test",
  instead_of_support: "npx oplead-sdk why COMPTE --support, qui affiche le texte destiné à Oplead Care",
  instead_of_rules:
    "npx oplead-sdk coverage --online, qui compare aussi les règles de tous les utilisateurs à la plateforme",
  instead_of_policies: "npx oplead-sdk coverage, qui juge aussi les règles de couverture de la configuration",
  instead_of_audit: "npx oplead-sdk ledger forget COMPTE, qui oublie aussi l’utilisateur dans le journal d’audit",
  instead_of_notify: "npx oplead-sdk doctor --notify, qui envoie une alerte d’essai à chaque destination",
  instead_of_queue: "npx oplead-sdk worker status et npx oplead-sdk worker retry-failed",
  instead_of_rate: "npx oplead-sdk worker reset-rate, qui met fin à une pause du débit partagé",
  option_json: "écrit le résultat en JSON, même en cas d’échec",
  option_quiet: "n’écrit que le résultat et les erreurs",
  option_language:
    "la langue de tous les textes ; JSON et codes restent tels quels (par défaut : OPLEAD_LANGUAGE, language de la configuration, la langue du système)",
  option_config: ({ files }) => `le fichier de configuration (par défaut : ${files})`,
  option_target: "une cible de la configuration ; « fake » est un faux Oplead dans ce processus",
  trigger_target: "une cible de la configuration",
  option_token_stdin: "lit le jeton d’API sur l’entrée standard",
  option_format: "le format du résultat",
  option_report: "écrit aussi le rapport : .csv, .md, .json ou .txt (peut être répétée)",
  option_html: "écrit aussi une page pour la personne qui approuve ; elle ne charge rien de l’extérieur",
  option_full: "lit toute la source, là où la configuration ne demande que les changements (incremental)",
  why_account: "le numéro de compte d’un utilisateur",
  plan_all:
    "montre toutes les lignes, et chaque changement séparément ; avec --only aussi ce qui serait envoyé, par chemin",
  plan_reveal:
    "avec --html, ou --only et --all : montre les nouvelles valeurs, et les anciennes si le registre les garde ; elles peuvent être personnelles",
  plan_file: "un plan enregistré par oplead plan --out, à montrer sans lire la source",
  sync_test:
    "fait vérifier les changements par Oplead en mode test : il n’en garde rien, et le registre reste tel quel",
  sync_limit: "envoie au plus ce nombre d’utilisateurs, pour un essai ; avec --test, répartis dans le plan",
  apply_file: "un plan enregistré par oplead plan --out",
  plan_out: "enregistre le plan : empreintes et numéros de compte, aucune donnée personnelle",
  plan_only: "ne planifie que ces utilisateurs",
  plan_limit: "planifie au plus ce nombre d’utilisateurs",
  plan_resend: "prévoit de tout renvoyer, même ce qui est déjà dans Oplead d’après le registre",
  plan_detailed_exitcode:
    "renvoie le code 2 s’il y a des changements, 3 si le garde-fou les refuserait, 5 si des enregistrements ne peuvent pas être envoyés",
  plan_notes:
    "N’écrit rien dans Oplead.\nCodes de sortie : 0 succès ; 1 erreur. Avec --detailed-exitcode, le premier code qui s’applique : 3 refusé ; 5 des enregistrements ne peuvent pas être envoyés ; 2 des changements sont à envoyer.",
  apply_approve: "le code du plan qui a été lu",
  option_only: "n’envoie que ces utilisateurs, pour un essai",
  apply_limit: "envoie au plus ce nombre d’utilisateurs, pour un essai",
  apply_notes:
    "Relit la source et la compare au plan. Sans plan, en montre un et demande l’approbation, seulement dans un terminal.\nCodes de sortie : 0 succès ; 3 le plan n’est pas celui qui a été lu ; 4 échec partiel ; 5 tout est envoyé, sauf des enregistrements qui ne peuvent pas l’être ; 1 erreur, ou rien n’est arrivé ; 130 interruption.",
  sync_resend: "renvoie tout, même ce qui est déjà dans Oplead d’après le registre",
  sync_approve: "exécute le plan qui a ce code, et aucun autre, bien qu’il ait été refusé",
  sync_ignore_known: "ne compte pas dans le code de sortie les problèmes que la dernière exécution avait déjà",
  sync_queue: "fait envoyer les utilisateurs par les workers de la file d’attente de la configuration, et les attend",
  sync_notes:
    "Avec --test, ce qui dépend d’un utilisateur que seule l’exécution créerait ne peut pas être vérifié.\nCodes de sortie : 0 succès ; 3 arrêt par le garde-fou (lisez le plan, puis : oplead sync --approve CODE) ; 4 échec partiel ; 5 tout est envoyé, sauf des enregistrements qui ne peuvent pas l’être ; 1 erreur, ou rien n’est arrivé ; 130 interruption.",
  option_source:
    "lit ce fichier CSV, Excel ou JSON à la place de la source de la configuration, pour rétablir après une mauvaise exécution",
  pause_until: "quand elle prend fin : 2d (jours), 36h, 2026-01-31 08:00, ou ISO 8601 ; 30 jours au plus",
  pause_reason: "la raison, pour les personnes qui trouvent les exécutions en pause",
  pause_off: "met fin à la pause maintenant",
  pause_notes:
    "sync, apply et retry n’envoient rien jusque-là : elles indiquent qui a demandé la pause, et renvoient le code 0. Une exécution en cours s’arrête avant son prochain utilisateur. Webhooks et workers continuent, le mode test aussi. Utilisable pendant une exécution.",
  time_expected:
    "Doit être une durée (2d pour deux jours, 36h, 90m), une heure locale (2026-01-31 08:00), ou de l’ISO 8601 avec son fuseau.",
  retry_accounts: "seulement ces utilisateurs",
  retry_held: "envoie aussi ce qu’Oplead a refusé, même si rien n’y a changé",
  retry_notes:
    "Sans numéros de compte : les utilisateurs que la dernière exécution du journal d’audit n’a pas pu envoyer.\nCodes de sortie : 0 succès, ou rien à envoyer ; 3 arrêt par le garde-fou ; 4 échec partiel ; 5 des enregistrements ne peuvent pas être envoyés ; 1 erreur ; 130 interruption.",
  why_reveal: "montre les valeurs que la prochaine exécution enverrait, qui peuvent être personnelles",
  history_limit: "liste ce nombre d’exécutions",
  history_run: "une exécution : ce qu’est devenu chacun de ses utilisateurs",
  history_notes: "Ne lit que le journal d’audit, donc utilisable pendant une exécution.",
  why_no_plan: "ne lit pas la source, donc ne dit pas ce que ferait la prochaine exécution",
  why_notes:
    "Lit le journal d’audit, le registre et le plan. Pendant qu’une exécution utilise le registre, seulement le journal. N’écrit rien.",
  why_support:
    "affiche le texte pour Oplead Care sur le dernier échec de l’utilisateur ; ni donnée personnelle, ni jeton",
  doctor_notify:
    "envoie aussi une alerte d’essai à chaque destination de notify ; une destination heartbeat reçoit un signal de succès",
  status_max_age: "renvoie le code 1 si aucune exécution nocturne n’a réussi depuis ce temps : 90m, 26h, 2d",
  status_check: "écrit une ligne pour une supervision, et renvoie le code 0, 1, 2 ou 3 (--max-age : 26h par défaut)",
  status_notes:
    "Lit le journal d’audit, la pause des exécutions, et la file d’attente si la configuration en a une. N’ouvre aucun registre dans un dossier, donc utilisable pendant une exécution.\nUne exécution nocturne est une exécution de sync ou d’apply avec tous les utilisateurs, quel qu’en soit le résultat. Codes de sortie : 0 succès ; 1 erreur, aucune exécution nocturne dans --max-age, ou une qui a échoué, ou file d’attente injoignable.\nAvec --check : 0 la dernière exécution nocturne a réussi et date de moins que --max-age ; 1 certaines de ses lignes n’ont pas pu être envoyées, ou les exécutions sont en pause ; 2 elle a échoué, a été refusée ou est plus ancienne ; 3 l’audit ne peut pas être lu.",
  duration_expected: "Il faut un nombre entier de minutes, d’heures ou de jours : 90m, 26h, 2d.",
  ledger_list_held: "seulement ceux dont quelque chose attend une correction",
  ledger_export_full:
    "écrit tout ce que sait le registre, sans sa clé, dans ce fichier, pour npx oplead-sdk ledger import FICHIER ; pas pendant une exécution",
  ledger_move_no_check: "ne vérifie pas si la source contient encore les anciens numéros",
  ledger_move_file: "un fichier CSV avec les colonnes « from » et « to »",
  ledger_list_summary: "liste ce qui est connu des utilisateurs",
  ledger_get_summary: "montre ce qui est connu d’un utilisateur",
  ledger_forget_summary:
    "oublie des utilisateurs ici et dans tous les fichiers de l’audit ; la prochaine exécution cherchera ceux qui sont encore dans la source, et les renverra",
  ledger_export_summary: "écrit des lignes accountNumber,id",
  ledger_import_summary:
    "lit un fichier CSV avec les colonnes accountNumber et id, d’utilisateurs déjà présents dans Oplead",
  ledger_move_summary:
    "donne à des utilisateurs leurs numéros de compte actuels : la prochaine exécution les mettra à jour par leurs ID",
  ledger_adopt_summary: "rattache le registre à la plateforme de la configuration, qui a changé d’adresse",
  leavers_due: "seulement ceux dont le délai est écoulé ; renvoie le code 5 s’il y en a",
  leavers_csv: "écrit la liste en CSV",
  leavers_done_summary: "note que ceux-ci ont été traités dans Oplead",
  leavers_undo_summary: "annule cette note",
  leavers_notes:
    "Oplead ne documente aucun moyen de retirer un utilisateur : traitez-le dans Oplead, puis cochez-le ici.",
  fake_config: "une configuration dont le faux Oplead reprend les profils (fake.profiles)",
  option_port: "le port ; 0 en prend un libre",
  fake_users: "le nombre d’utilisateurs au départ",
  fake_faults: "la part des appels qui échouent, de toutes les façons connues, par exemple 5%",
  fake_notes: "Son état est en mémoire et disparaît avec la commande. Il n’écoute que sur 127.0.0.1.",
  share_expected: "Il faut une part, par exemple 5% ou 0.05.",
  doctor_notes:
    "Lit les profils d’Oplead et n’écrit rien.\nCodes de sortie : 0 aucune vérification en échec, avec peut-être des avertissements ; 1 une vérification en échec.",
  init_ts: "écrit oplead.config.ts (par défaut s’il y a un tsconfig.json ; sinon oplead.config.mjs)",
  init_from: "écrit une configuration pour ce fichier CSV ou ce classeur, et montre le plan pour un faux Oplead",
  init_sheet: "avec --from : la feuille d’un classeur (par défaut : la première qui n’est pas masquée)",
  init_deploy:
    "écrit dans ./deploy/ de quoi planifier l’exécution nocturne, avec les chemins de cette machine ; aussi à côté d’une configuration existante",
  init_notes: "Ne remplace aucun fichier.",
  probe_as: "un utilisateur de la source présent tel quel dans Oplead ; il est envoyé inchangé, en mode test",
  probe_allow_test_create:
    "crée aussi des utilisateurs en mode test, dès qu’une réponse montre que le mode test est pris en compte",
  probe_auth: "une autre façon de donner le jeton : le nom d’un en-tête, ou « bearer » ; peut être répétée",
  probe_dry_run: "liste les requêtes et n’en envoie aucune",
  probe_compare: "dit ce qui a changé depuis que le fichier a été écrit, et le laisse tel quel",
  probe_trust: "continue sans preuve du mode test, car la plateforme le documente",
  probe_out: "le fichier (par défaut : facts de la configuration, sinon platform.json)",
  probe_notes:
    "N’écrit rien dans Oplead.\nCodes de sortie : 0 les faits sont écrits, ou rien n’a changé ; 1 échec ; avec --compare aussi 2 si quelque chose a changé, et 3 si le paquet en dépend.",
  auth_expected: "Il faut le nom d’un en-tête, ou « bearer ».",
  types_out: "le fichier à écrire",
  types_document: "le document OpenAPI, ou la page Swagger qui le montre : une adresse ou un fichier",
  types_notes: "Pour une page protégée, mettez dans OPLEAD_SCHEMA_AUTH une ligne d’en-tête : Authorization: Basic …",
  worker_lock: "délai sans signe de vie après lequel ses utilisateurs passent à un autre worker (par défaut : 30000)",
  worker_port: "un port avec /healthz, /readyz et /metrics ; 0 en prend un libre",
  worker_host: "l’adresse de ce port",
  worker_notes:
    "Tourne jusqu’à SIGTERM ou Ctrl-C, puis termine les utilisateurs en cours. Lancez autant de workers que vous voulez, sur autant de machines que vous voulez, avec un seul registre partagé.",
  worker_reset_rate_summary: "met fin à la pause qu’Oplead a demandée à toutes les machines",
  worker_reset_rate_notes:
    "Pour le débit partagé (redisRate) de client.rateLimit. Les clients oublient aussi ce que les 429 leur ont appris de la limite. Une pause de plus d’une minute se termine d’elle-même, dans les dix minutes après le retour d’Oplead.",
  worker_status_summary: "compte les tâches par état, et montre pourquoi certaines ont échoué",
  worker_retry_failed_summary: "relance chaque tâche qui a épuisé ses tentatives",
  serve_host: "l’adresse d’écoute",
  serve_queue:
    "met les utilisateurs dans la file d’attente de la configuration, pour oplead worker, au lieu de les envoyer à Oplead",
  serve_metrics_port: "un second port, avec /metrics, /healthz et /readyz",
  serve_metrics_host: "l’adresse du second port",
  serve_drain: "le temps pendant lequel les livraisons sont encore reçues après un signal ; /readyz répond alors 503",
  serve_notes:
    "Reçoit les livraisons par POST sur n’importe quel chemin. GET /healthz répond 200 tant que la commande tourne ; GET /readyz répond 503 avec la raison si le registre, la file d’attente ou le jeton sont inutilisables. SIGTERM et Ctrl-C y mettent fin après les livraisons en cours.",
  trigger_to: "où va la livraison",
  trigger_event: "l’événement : un fichier JSON (« - » : entrée standard)",
  trigger_notes:
    "Signe avec `trigger` de la configuration : le procédé et les secrets de la source.\nCodes de sortie : 0 acceptée (2xx) ; 1 refusée ou injoignable.",
  kinds_expected: ({ kinds }) => `Valeurs possibles : ${kinds}.`,
  number_expected: ({ min, max }) => `Il faut un nombre entier de ${min} à ${max}.`,
  ending_expected: ({ endings }) => `Le nom doit se terminer par ${endings}.`,
  explain_postcode: "le code postal du lead",
  explain_country: "son pays, deux lettres majuscules",
  explain_code: ({ name }) => `${name} du lead`,
  explain_notes:
    "La façon dont les règles se combinent n’est pas documentée : chaque utilisateur est éligible ou non sous des hypothèses, et la réponse nomme celles dont une autre valeur la changerait.",
  coverage_csv: "écrit aussi les constats en CSV",
  coverage_html: "écrit aussi un rapport avec une carte",
  coverage_names: "montre dans le rapport les noms, et pas seulement les numéros de compte",
  coverage_fail_on: ({ kinds }) => `renvoie le code 1 s’il y a de tels constats : ${kinds}`,
  coverage_without: "juge les utilisateurs sans ceux-ci, et dit ce qui changerait",
  coverage_with: "remplace les utilisateurs de même numéro par ceux de ce fichier, et dit ce qui changerait",
  coverage_all_territories: "aussi les territoires d’outre-mer sans aucun utilisateur",
  coverage_online: "lit les pays dans Oplead au lieu de la carte de France de ce paquet",
  coverage_notes:
    "N’envoie aucun utilisateur : lit la source, compare les règles à la carte et les juge selon les règles de couverture de la configuration. Codes de sortie : 0 succès ; 1 erreur, ou constats de --fail-on ; 3 une règle de couverture est enfreinte.",
});

export const START_COMMANDS_FR: TextsLike<typeof START_COMMANDS> = /* @__PURE__ */ french({
  init_summary: "écrit une configuration : un exemple, ou d’après votre fichier CSV ou votre classeur",
  doctor_summary: "vérifie Node, la configuration, le jeton, l’adresse, le registre",
  probe_summary: "analyse la plateforme ; n’écrit rien dans Oplead",
  types_summary: "écrit les types et les réglages `platform` d’après le document OpenAPI de votre plateforme",
  fake_summary: "lance un faux Oplead",
});

export const RUN_COMMANDS_FR: TextsLike<typeof RUN_COMMANDS> = /* @__PURE__ */ french({
  plan_summary: "montre ce que ferait une exécution, ou un plan enregistré ; n’écrit rien dans Oplead",
  apply_summary: "exécute un plan qui a été lu",
  sync_summary: "planifie et applique dans les limites du garde-fou, pour cron",
  retry_summary: "renvoie ce qui a échoué ou attend une correction",
  pause_summary: "empêche les exécutions d’envoyer jusqu’à une date, ou y met fin",
  ledger_summary: "montre, exporte, importe et répare ce qui est connu des utilisateurs",
  leavers_summary: "liste les utilisateurs qui ont quitté la source, et coche ceux qui sont traités",
  history_summary: "liste les exécutions, ou dit ce qu’est devenue l’une d’elles",
  why_summary: "raconte ce qui est arrivé à un utilisateur, et ce que ferait la prochaine exécution",
  status_summary: "montre la dernière exécution, les problèmes en cours, les départs et la file d’attente",
});

export const RULE_COMMANDS_FR: TextsLike<typeof RULE_COMMANDS> = /* @__PURE__ */ french({
  explain_summary: "dit qui peut recevoir un lead, et pourquoi",
  coverage_summary: "trouve les trous, et les lieux à un seul utilisateur",
});

export const LIVE_COMMANDS_FR: TextsLike<typeof LIVE_COMMANDS> = /* @__PURE__ */ french({
  serve_summary: "reçoit le webhook de la configuration",
  worker_summary: "envoie à Oplead les utilisateurs de la file d’attente, ou gère la file",
  trigger_summary: "signe et envoie une livraison au webhook, comme le ferait la source",
});
