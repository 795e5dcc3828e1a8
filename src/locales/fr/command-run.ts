import type { TextsLike } from "../coded.ts";
import type { COMMAND_RUN, COMMAND_SAID } from "../en/command-run.ts";
import { joinParts } from "../grammar.ts";
import { all, counted, duration, french, listed, number, people, plural } from "./words.ts";

export const COMMAND_RUN_FR: TextsLike<typeof COMMAND_RUN> = /* @__PURE__ */ french({
  progress_done: ({ done, total }) => `${number(done)} sur ${counted(total, "utilisateur")}`,
  progress_failed: ({ count }) => `${number(count)} en échec`,
  progress_skipped: ({ count }) => counted(count, "non envoyé", "non envoyés"),
  progress_left: ({ time }) => `reste ${duration(time)}`,
  plan_file_wrong: ({ file, problem }) =>
    `${file} ${problem}. Enregistrez-en un avec : npx oplead-sdk plan --out ${file}`,
  plan_file_not_json: ({ file }) =>
    `${file} n’est pas un plan : ce n’est pas du JSON. Enregistrez-en un avec : npx oplead-sdk plan --out ${file}`,
  no_such_plan: ({ file }) => `Le plan ${file} n’existe pas.`,
  plan_unreadable: ({ file, code }) => `Le plan ${file} est illisible (${code}).`,
  github_not_written: ({ code }) => `Les sorties pour GitHub Actions n’ont pas pu être écrites (${code}).`,
  finishing_requests: "Fin des requêtes en cours. Un second Ctrl-C arrête tout de suite.",
  run_done_but: ({ failure, code }) => `L’exécution est terminée, mais ${failure} (${code}).`,
  mark_not_written: "la marque de son registre n’a pas pu être écrite",
  columns_not_written: "le relevé des colonnes du fichier n’a pas pu être écrit",
  support_not_written: "les textes pour Oplead Care n’ont pas pu être écrits",
  run_report_not_written: ({ file }) => `son rapport n’a pas pu être écrit dans ${file}`,
  run_noted: ({ file }) => `Journal d’audit : ${file}`,
  pause_needs_time:
    "Dites jusqu’à quand : npx oplead-sdk pause --until 2d --reason TEXTE. Pour mettre fin à une pause : npx oplead-sdk pause --off.",
  pause_over: ({ pause }) => `La pause est terminée : ${pause}. La prochaine exécution enverra de nouveau.`,
  not_paused: "Les exécutions ne sont pas en pause.",
  paused_until: ({ until, time }) =>
    `Les exécutions sont en pause jusqu’au ${until}, pour ${duration(time)}. Webhooks et workers continuent.`,
  pause_replaces: ({ pause }) => `Elle remplace cette pause : ${pause}.`,
  pause_end_sooner: "Pour y mettre fin plus tôt : npx oplead-sdk pause --off",
  pause_terms: ({ until, by, since }) => `jusqu’au ${until}, par ${by} depuis le ${since}`,
  send_again_same_command: "Pour renvoyer ce qui a échoué, relancez la même commande.",
  waits_for_answer: ({ what, silentMs, leftMs, mostMs }) =>
    `Oplead ne répond pas depuis ${duration(silentMs)}. ${what} peut encore durer ${duration(leftMs)}, ${duration(mostMs)} en comptant les nouveaux essais.`,
  waits_to_repeat: ({ what, silentMs, leftMs, mostMs }) =>
    `Oplead ne répond pas depuis ${duration(silentMs)}. Nouvel essai de ${what} dans ${duration(leftMs)}, pendant ${duration(mostMs)} au plus.`,
  send_again_retry: "Pour renvoyer ce qui a échoué : npx oplead-sdk retry",
  audit_ended_run: ({ message }) => `${message} L’exécution a été arrêtée : ce qu’elle fait doit être noté.`,
  interrupted_with_left: ({ users }) =>
    `Interrompu ; il reste ${counted(users, "utilisateur")}. Relancez la même commande pour continuer.`,
  interrupted_resend: ({ users }) =>
    `Interrompu ; il reste ${counted(users, "utilisateur")}. Relancez la même commande : avec --resend, elle recommence depuis le début.`,
  plan_not_written: ({ file }) => `Le plan n’a pas pu être écrit dans ${file}`,
  nothing_to_send: "\nRien à envoyer.",
  to_carry_out: ({ command }) => `\nPour l’exécuter : ${command}`,
  to_approve: ({ command }) => `\nSi c’est voulu, approuvez le plan :\n${command}`,
  read_and_approve: ({ lines, read, command }) =>
    `\n${lines}\n\nPour lire le plan : ${read}${command === undefined ? "" : `\nSi c’est voulu, approuvez-le :\n${command}`}`,
  plan_refused: ({ plan, reasons, approval }) =>
    `Le plan ${plan} a été refusé. Rien n’a été envoyé.\n${reasons}\n${approval}`,
  not_as_approved: ({ users }) =>
    `Différents de ce qui a été approuvé, et laissés à la prochaine exécution :\n${users}`,
  approval_unknown: ({ hash, command }) =>
    `Aucun plan de code ${hash} n’est connu ici, et le plan actuel en a un autre : la source ou le registre a changé, ou le plan a été fait ailleurs. Rien n’a été envoyé.\nLisez le plan actuel : ${command}`,
  approval_reasons_changed: ({ plan, command }) =>
    `Le plan ${plan} n’est plus à jour : il enverrait la même chose, mais ce qui s’y oppose a changé. Rien n’a été envoyé.\nLisez le nouveau plan : ${command}`,
  coverage_nothing_to_compare:
    "Couverture : rien à comparer pour l’instant, car le registre ne connaît aucun utilisateur présent dans Oplead.",
  coverage_unknown: ({ users }) =>
    `  Le registre ne garde pas encore les règles de ${counted(users, "utilisateur")} : leur couverture d’avant ce plan n’est pas comptée.`,
  coverage_leavers: "  Les utilisateurs partis ne comptent pas, bien que leurs règles soient encore dans Oplead.",
  coverage_would_change: "Avec ce changement :",
  not_in_source: ({ users }) => `La source ne contient pas d’utilisateur ${listed(users)}.`,
  coverage_title: "Couverture :",
  columns_not_used: ({ columns, more }) =>
    `Colonnes du fichier non utilisées : ${columns.map((column) => `« ${column} »`).join(", ")}${more === 0 ? "" : `, et ${counted(more, "autre", "autres")}`}.`,
  coverage_no_change: "Couverture : aucun changement.",
  approve_other_plan: "--approve désigne un autre plan que ce fichier.",
  apply_needs_plan:
    "Nommez le plan : npx oplead-sdk apply plan.json, ou --approve CODE. Sans le lire d’abord : npx oplead-sdk sync.",
  difference_added: "est nouveau dans le plan",
  difference_removed: "n’a plus rien à envoyer",
  difference_changed: "recevrait autre chose",
  difference_missing: "est maintenant absent de la source",
  difference_back: "est de nouveau dans la source",
  and_nothing_sent: ({ message }) => `${message} Rien n’a été envoyé.`,
  user_and_what: ({ user, what }) => `  ${user} : ${what}`,
  plan_out_of_date: ({ plan, lines, command }) =>
    `Le plan ${plan} est périmé : la source ou le registre a changé. Rien n’a été envoyé.\n${lines}\nLisez le nouveau plan : ${command}`,
  confirm_question: "\nEnvoyer cela à Oplead ? Tapez « oui » : ",
  not_confirmed: "Le plan n’a pas été confirmé. Rien n’a été envoyé.",
  retry_without_audit:
    "La configuration contient audit: false, donc rien ne dit ce qui a échoué. Nommez les utilisateurs : npx oplead-sdk retry COMPTE … ; ou envoyez tout ce qui reste : npx oplead-sdk sync ; ou ce qu’Oplead a refusé : npx oplead-sdk retry --held",
  retry_without_run: ({ file }) =>
    `Il n’y a aucune exécution dans le journal d’audit ${file}, donc rien ne dit ce qui a échoué. Nommez les utilisateurs : npx oplead-sdk retry COMPTE … ; ou envoyez tout ce qui reste : npx oplead-sdk sync ; ou ce qu’Oplead a refusé : npx oplead-sdk retry --held`,
  nothing_to_send_again: "Rien à renvoyer.",
  refused_before: ({ count }) => ` Oplead en a déjà refusé ${number(count)} : --held les envoie quand même.`,
  to_send_again: ({ users }) => `À renvoyer : ${counted(users, "utilisateur")}.`,
  to_send_again_from_run: ({ users, run }) => `À renvoyer : ${counted(users, "utilisateur")} (de l’exécution ${run}).`,
  all_new_values: "Toutes les nouvelles valeurs : la même commande avec --reveal",
  user_cannot_be_sent: ({ user, lines }) => `${user} ne peut pas être envoyé :\n${lines}`,
  held_retry: ({ user }) => `Pour le renvoyer : npx oplead-sdk retry --held ${user}`,
  no_user_to_send: ({ user }) => `La source ne contient pas d’utilisateur ${user} qui puisse être envoyé.`,
  user_unchanged_full: ({ user }) =>
    `${user} n’a aucun changement à envoyer, pour autant que la source a été lue : --full la lit en entier.`,
  user_unchanged: ({ user }) => `${user} n’a aucun changement à envoyer.`,
  flag_for_new_plan: ({ flag }) => `${flag} vaut pour un nouveau plan, pas pour un plan lu dans un fichier.`,
  test_without_queue: "--test envoie depuis ce processus : retirez --queue.",
  oplead_not_asked: ({ code }) => `Il n’y avait rien à envoyer, et Oplead n’a pas pu être interrogé (${code}).`,
  no_other_user: ({ postcodes }) =>
    `aucun autre utilisateur pour ${counted(postcodes, "code postal", "codes postaux")}`,
  no_other_user_inhabitants: ({ postcodes, inhabitants }) =>
    `aucun autre utilisateur pour ${counted(postcodes, "code postal", "codes postaux")} (${people(inhabitants)})`,
});

export const COMMAND_SAID_FR: TextsLike<typeof COMMAND_SAID> = /* @__PURE__ */ french({
  no_such_language: ({ language }) => `Langues possibles : en, fr (et non ${language}).`,
  failed_with_code: ({ failure, code }) => `${failure} (${code}).`,
  config_not_valid: ({ file }) => `${file} n’est pas valide.`,
  interrupted: "Interrompu. Rien n’est resté inachevé.",
  advice_adopt: "\nSi c’est la même plateforme à une nouvelle adresse : npx oplead-sdk ledger adopt",
  advice_token:
    "\nMettez le jeton dans l’environnement ou dans un fichier .env à côté de la configuration. Pour essayer sans jeton : --target fake",
  stopping: "Arrêt en cours.",
  stopped_at_once:
    "Arrêt immédiat. Ce qu’Oplead avait confirmé est dans le registre ; la prochaine exécution trouvera le reste.",
  warning_label: "Avertissement :",
  error_details: ({ words }) => `En détail, en anglais : « ${words} »`,
  request_details: ({ operation, requests, requestId, reason }) =>
    joinParts([
      `Appel : ${operation}`,
      requests > 1 && `${number(requests)} requêtes`,
      reason,
      requestId !== undefined && `requête ${requestId}`,
    ]),
  error_code: ({ code }) => `[${code}]`,
  error_code_usage: "[usage] Options possibles : npx oplead-sdk COMMANDE --help",
  error_code_explained: ({ code }) => `[${code}] Que faire : npx oplead-sdk help ${code}`,
  help_of_code: ({ code, cause, check, remedy }) =>
    `${code}\n\nCause : ${cause}\n\nRemède : ${remedy}\n\nÀ vérifier, en anglais : ${check}`,
  error_label: "Erreur :",
  result_not_written: ({ reason }) => `Le résultat n’a pas pu être écrit (${reason}).`,
  disk_full: "ENOSPC : le disque est plein",
  lines_more: ({ more }) => `  et ${number(more)} de plus`,
  file_not_written: ({ file }) => `${file} n’a pas pu être écrit`,
  report_not_written: ({ file }) => `Le rapport n’a pas pu être écrit dans ${file}`,
  target_is_fake:
    "Cible fake : un faux Oplead dans ce processus. Il disparaît avec son registre à la fin de la commande.",
  token_needs_pipe: "--token-stdin lit un tube : vault read … | oplead plan --token-stdin",
  token_pipe_empty: "--token-stdin est donné, et l’entrée standard est vide.",
  ledger_exported: ({ count, file }) =>
    `${counted(count, "entrée", "entrées")} dans ${file}. Ce fichier contient des numéros de compte, des ID et des règles, mais pas la clé : emportez-la aussi (ledgerKey de la configuration, dans .env).`,
  ledger_imported: ({ count }) =>
    `Le registre contient maintenant ${counted(count, "entrée", "entrées")}. Le prochain plan en tiendra compte.`,
  import_other_key:
    "Le fichier a été fait avec une autre clé que celle de ce registre : mettez celle de l’ancien serveur (ledgerKey de la configuration, dans .env). Rien n’a été importé.",
  import_not_empty: ({ user }) =>
    `Ce registre contient déjà des utilisateurs, et ${user} n’est pas le même dans le fichier. Importez dans un nouveau registre. Rien n’a été importé.`,
  import_other_form: ({ file }) =>
    `${file} a été exporté par une autre version d’oplead-sdk. Exportez de nouveau le registre avec celle-ci. Rien n’a été importé.`,
  import_other_platform: ({ stored, current }) =>
    `Le fichier appartient à ${stored}, et cette configuration à ${current}. Si la plateforme a changé d’adresse : importez avec l’ancienne, puis lancez npx oplead-sdk ledger adopt avec la nouvelle. Rien n’a été importé.`,
  import_line_differs: ({ file, line }) =>
    `${file}, ligne ${number(line)} : a été modifiée, déplacée, ajoutée ou coupée. Exportez de nouveau le registre. Rien n’a été importé.`,
  import_line_twice: ({ file, line, other }) =>
    `${file}, ligne ${number(line)} : a le numéro de compte ou l’ID de la ligne ${number(other)}. Corrigez l’ancien registre et exportez-le de nouveau. Rien n’a été importé.`,
  ledger_in_use_at: ({ path, holder }) =>
    `Une autre exécution utilise le registre ${path}. ${holder} Attendez qu’elle se termine.`,
  holder: ({ pid, command, run, time }) =>
    `Il est utilisé par le processus ${pid} : oplead ${command}, exécution ${run}, depuis ${time}.`,
  holder_elsewhere: ({ pid, host, command, run, time }) =>
    `Il est utilisé par le processus ${pid} sur ${host} : oplead ${command}, exécution ${run}, depuis ${time}.`,
  queue_with_fake: "Une file d’attente sert à d’autres processus ; le faux Oplead n’existe que dans celui-ci.",
  queue_option_missing: "queue : manque dans la configuration, et cette commande en a besoin",
  queue_needs_shared_ledger:
    "ledger : doit être partagé entre processus s’il y a une file d’attente, par exemple redisLedger(redis) de oplead-sdk/redis",
  queue_needs_packages: "La file d’attente a besoin de deux paquets : npm install bullmq ioredis",
  map_failed_for: ({ records }) =>
    `map a échoué pour ${counted(records, "enregistrement")} : npx oplead-sdk plan dit pourquoi.`,
  file_unreadable: ({ file }) => `${file} est illisible`,
  name_and_what: ({ name, what }) => `${name} : ${what}`,
  written: ({ file }) => `Écrit : ${file}`,
  no_audit_file: "La configuration ne prévoit pas de journal d’audit (audit: false).",
  no_leavers: "Aucun départ.",
  leaver_id: ({ id }) => `ID ${id}`,
  leaver_since: ({ day }) => `absent depuis le ${day}`,
  leaver_days: ({ days }) => (days === 0 ? "aujourd’hui" : `depuis ${counted(days, "jour")}`),
  not_leavers: ({ users }) => `Ne sont pas des départs : ${all(users)}.`,
  leavers_done: ({ count }) => `Traités : ${number(count)}.`,
  leavers_open_again: ({ count }) => `De nouveau à traiter : ${number(count)}.`,
  no_users: "Aucun utilisateur.",
  no_ledger_entry: ({ users }) => `Absents du registre : ${all(users)}.`,
  forgotten: ({ count, lines }) => `Oubliés : ${number(count)}. Lignes modifiées dans l’audit : ${number(lines)}.`,
  import_row_incomplete: ({ file, row }) =>
    `${file}, ligne ${row} : il faut un numéro de compte et un ID. Rien n’a été importé.`,
  import_conflicts: ({ users }) => `Le registre connaît un autre ID pour ${all(users)} : ils restent tels quels.`,
  imported: ({ imported, kept }) => `${counted(imported, "importé")}, ${counted(kept, "déjà connu", "déjà connus")}.`,
  move_still_in_source: ({ users }) =>
    `La source contient toujours ${listed(users)}. Rien n’a été déplacé : ces personnes n’ont pas changé de numéro. Si la source n’est pas à jour, ajoutez --no-check.`,
  move_needs_numbers: "Donnez l’ancien et le nouveau numéro, ou --file : npx oplead-sdk ledger move ANCIEN NOUVEAU",
  move_without_id: ({ from, to }) =>
    `Le registre ne connaît pas d’ID pour ${from}, donc rien n’a été déplacé vers ${to}.`,
  move_conflict: ({ to, from }) => `Le registre connaît un autre utilisateur sous ${to} : ${from} reste tel quel.`,
  moved: ({ moved, before }) => `${counted(moved, "déplacé")}, ${counted(before, "déjà déplacé", "déjà déplacés")}.`,
  ledger_in_test_mode: "En mode test, le registre reste tel quel.",
  ledger_adopted: ({ platform }) => `Le registre appartient à ${platform}.`,
  ledger_adopted_from: ({ platform, before }) => `Le registre appartient à ${platform}, et non plus à ${before}.`,
  entry_damaged: "endommagé",
  entry_without_id: "pas d’ID",
  entry_held: ({ failure, day }) => `en attente de correction : ${failure} depuis le ${day}`,
  entry_id_none: "aucun : Oplead ne l’a pas encore accepté",
  entry_id: ({ id }) => `  ID : ${id}`,
  entry_written: ({ time }) => `  écrit en dernier : ${time}`,
  entry_rules: ({ rules }) => `  règles : ${rules}`,
  entry_version: ({ version }) => `  version : ${version}`,
  worker_working: "Worker démarré. Ctrl-C pour l’arrêter.",
  worker_working_test_mode: "Worker démarré en mode test. Ctrl-C pour l’arrêter.",
  worker_stopping: "Arrêt : fin des utilisateurs en cours. Un second Ctrl-C arrête tout de suite.",
  worker_done: ({ users }) => `Traités : ${counted(users, "utilisateur")}.`,
  serve_receiving: ({ address }) =>
    `Réception des livraisons sur ${address} (sondes : /healthz, /readyz). Ctrl-C y met fin.`,
  serve_stopping: "Arrêt : attente des livraisons en cours. Un second Ctrl-C arrête tout de suite.",
  metrics_at: ({ address }) => `Mesures sur ${address} (sondes : /healthz, /readyz).`,
  cannot_listen: ({ address, code }) => `Écoute impossible sur ${address} (${code}).`,
  jobs_started_again: ({ jobs }) => `Relancé : ${counted(jobs, "tâche")}.`,
  job_waiting: "en attente",
  job_active: "en cours",
  job_delayed: "à reprendre plus tard",
  job_failed: "en échec",
  job_completed: "avec succès",
  inbox_users: ({ users }) =>
    plural(users, "utilisateur gardé et non confirmé", "utilisateurs gardés et non confirmés"),
  failed_job: ({ job, why }) => `  échec  ${job} : ${why}`,
  oldest_job: ({ time }) => `La plus ancienne attend depuis ${duration(time)}.`,
  rate_pause_ended: "Le débit partagé n’est plus en pause.",
  rate_not_shared: "client.rateLimit de la configuration n’est pas un redisRate.",
  user_audit_failed: ({ message }) => `${message} Les utilisateurs sont envoyés quand même.`,
  user_audit_lacks: ({ lines }) => `Il manque à l’audit : ${counted(lines, "ligne")}.`,
  fake_listens: ({ url, token }) =>
    `Un faux Oplead écoute sur ${url}\n\n  OPLEAD_BASE_URL=${url}\n  OPLEAD_TOKEN=${token}`,
  fake_ended: ({ users, requests, duplicates }) =>
    `${counted(users, "utilisateur")}, ${counted(requests, "requête")}, ${counted(duplicates, "doublon")}.`,
  trigger_unreachable: ({ url, why }) => `${url} est injoignable (${why}). Lancez-le avec : oplead serve`,
  trigger_no_answer: "aucune réponse",
  trigger_bad_address: ({ url }) => `--to ${url} : ce n’est pas une adresse.`,
  event_not_json: ({ file }) => `${file} n’est pas du JSON.`,
  event_unreadable: ({ file, code }) => `${file} est illisible (${code}).`,
});
