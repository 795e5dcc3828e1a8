import type { TextsLike } from "../coded.ts";
import type { COMMAND_SAID } from "../en/command-said.ts";
import { counted, duration, french, number, plural } from "./words.ts";

export const COMMAND_SAID_FR: TextsLike<typeof COMMAND_SAID> = /* @__PURE__ */ french<typeof COMMAND_SAID>({
  no_such_language: ({ language }) => `Il n’y a pas de langue ${language} : en, fr.`,
  failed_with_code: ({ failure, code }) => `${failure} (${code}).`,
  interrupted: () => "Interrompu. Rien n’est resté inachevé.",
  advice_adopt: () => "\nAvec la commande : npx oplead ledger adopt",
  advice_token: () =>
    "\nMettez le jeton dans l’environnement ou dans un fichier .env à côté de la configuration. Pour essayer sans jeton : --target fake",
  stopping: () => "Arrêt en cours.",
  stopped_at_once: () =>
    "Arrêt immédiat. Ce qu’Oplead avait confirmé est dans le registre ; la prochaine exécution trouve le reste.",
  warning_label: () => "Avertissement :",
  error_details: ({ words }) => `En détail, en anglais : « ${words} »`,
  error_code: ({ code }) => `[${code}]`,
  error_code_explained: ({ code }) => `[${code}] Que faire : npx oplead help ${code}`,
  help_of_code: ({ code, cause, check, remedy }) =>
    `${code}\n\nCause : ${cause}\n\nRemède : ${remedy}\n\nÀ vérifier, en anglais : ${check}`,
  error_label: () => "Erreur :",
  result_not_written: ({ reason }) => `Le résultat n’a pas pu être écrit (${reason}).`,
  disk_full: () => "ENOSPC : le disque est plein",
  lines_more: ({ more }) => `  et ${number(more)} de plus`,
  file_not_written: ({ file }) => `${file} n’a pas pu être écrit`,
  report_not_written: ({ file }) => `Le rapport n’a pas pu être écrit dans ${file}`,
  target_is_fake: () =>
    "Cible fake : un faux Oplead dans ce processus. Il disparaît avec son registre à la fin de la commande.",
  token_needs_pipe: () => "--token-stdin lit un tube : vault read … | oplead plan --token-stdin",
  token_pipe_empty: () => "--token-stdin est donné, et l’entrée standard est vide.",
  ledger_in_use_at: ({ path, holder }) =>
    `Une autre exécution a le registre ${path}. ${holder} Attendez qu’elle se termine.`,
  holder: ({ pid, command, run, time }) =>
    `Il est utilisé par le processus ${pid} : oplead ${command}, exécution ${run}, depuis ${time}.`,
  holder_elsewhere: ({ pid, host, command, run, time }) =>
    `Il est utilisé par le processus ${pid} sur ${host} : oplead ${command}, exécution ${run}, depuis ${time}.`,
  queue_with_fake: () => "Une file d’attente atteint d’autres processus, et la cible fake n’en atteint pas.",
  queue_option_missing: () => "queue : manque dans la configuration, et cette commande en a besoin",
  queue_needs_shared_ledger: () =>
    "ledger : doit être partagé entre processus s’il y a une file d’attente, par exemple redisLedger(redis) de oplead-sdk/redis",
  queue_needs_packages: () => "La file d’attente a besoin de deux paquets : npm install bullmq ioredis",
  map_failed_for: ({ records }) =>
    `map a échoué pour ${counted(records, "enregistrement")} : npx oplead plan dit pourquoi.`,
  file_unreadable: ({ file }) => `${file} est illisible`,
  name_and_what: ({ name, what }) => `${name} : ${what}`,
  written: ({ file }) => `Écrit : ${file}`,
  no_audit_file: () => "La configuration n’a pas de journal d’audit (audit: false).",
  no_leavers: () => "Aucun départ.",
  leaver_line: ({ state, user, id, day, days }) =>
    `${state}  ${user}  ID ${id}  absent depuis le ${day}, jours : ${days}`,
  not_leavers: ({ users }) => `Ne sont pas des départs : ${users}.`,
  leavers_done: ({ count }) => `Traités : ${number(count)}.`,
  leavers_open_again: ({ count }) => `De nouveau ouverts : ${number(count)}.`,
  no_users: () => "Aucun utilisateur.",
  no_ledger_entry: ({ user }) => `Le registre n’a pas d’utilisateur ${user}.`,
  forgotten: ({ count, lines }) => `Oubliés : ${number(count)}. Modifié dans l’audit : ${counted(lines, "ligne")}.`,
  import_row_incomplete: ({ file, row }) =>
    `${file}, ligne ${row} : il faut un numéro de compte et un ID. Rien n’a été importé.`,
  import_conflicts: ({ users }) => `Le registre a un autre ID pour ${users} : ils restent tels quels.`,
  imported: ({ imported, kept }) => `${counted(imported, "importé")}, ${counted(kept, "déjà connu", "déjà connus")}.`,
  move_still_in_source: ({ users }) =>
    `La source a toujours ${users}. Rien n’a été déplacé : ces personnes n’ont pas changé de numéro. Si la source n’est pas à jour, ajoutez --no-check.`,
  move_needs_numbers: () => "Donnez l’ancien et le nouveau numéro, ou --file : npx oplead ledger move ANCIEN NOUVEAU",
  move_without_id: ({ from, to }) => `Le registre n’a pas d’ID pour ${from}, donc rien n’a été déplacé vers ${to}.`,
  move_conflict: ({ to, from }) => `Le registre a un autre utilisateur sous ${to} : ${from} reste tel quel.`,
  moved: ({ moved, before }) => `${counted(moved, "déplacé")}, ${counted(before, "déjà déplacé", "déjà déplacés")}.`,
  ledger_in_test_mode: () => "En mode test, le registre reste tel quel.",
  ledger_adopted: ({ platform }) => `Le registre appartient à ${platform}.`,
  ledger_adopted_from: ({ platform, before }) => `Le registre appartient à ${platform}, et non plus à ${before}.`,
  entry_damaged: () => "endommagé",
  entry_without_id: () => "pas d’ID",
  entry_held: ({ failure, day }) => `en attente de correction : ${failure} depuis le ${day}`,
  entry_missing: ({ day }) => `absent depuis le ${day}`,
  entry_id_none: () => "aucun : Oplead ne l’a pas encore accepté",
  entry_id: ({ id }) => `  ID : ${id}`,
  entry_written: ({ time }) => `  écrit en dernier : ${time}`,
  entry_rules: ({ rules }) => `  règles : ${rules}`,
  entry_version: ({ version }) => `  version : ${version}`,
  worker_working: () => "Au travail. Ctrl-C y met fin.",
  worker_working_test_mode: () => "Au travail en mode test. Ctrl-C y met fin.",
  worker_stopping: () => "Arrêt : fin des utilisateurs en cours. Un second Ctrl-C arrête tout de suite.",
  worker_done: ({ users }) => `Traités : ${counted(users, "utilisateur")}.`,
  serve_receiving: ({ address }) =>
    `Réception des livraisons à ${address} (sondes : /healthz, /readyz). Ctrl-C y met fin.`,
  serve_stopping: () => "Arrêt : attente des livraisons en cours. Un second Ctrl-C arrête tout de suite.",
  metrics_at: ({ address }) => `Mesures à ${address} (sondes : /healthz, /readyz).`,
  cannot_listen: ({ address, code }) => `Écoute impossible à ${address} (${code}).`,
  jobs_started_again: ({ jobs }) => `Relancé : ${counted(jobs, "tâche")}.`,
  job_waiting: () => "en attente",
  job_active: () => "en cours",
  job_delayed: () => "à reprendre plus tard",
  job_failed: () => "en échec",
  job_completed: () => "avec succès",
  inbox_users: ({ users }) =>
    plural(users, "utilisateur gardé et non confirmé", "utilisateurs gardés et non confirmés"),
  failed_job: ({ job, why }) => `  échec  ${job} : ${why}`,
  oldest_job: ({ time }) => `La plus ancienne attend depuis ${duration(time)}.`,
  rate_pause_ended: () => "Le débit partagé n’est plus en pause.",
  rate_not_shared: () => "client.rateLimit de la configuration n’est pas un redisRate.",
  user_audit_failed: ({ message }) => `${message} Les utilisateurs sont envoyés quand même.`,
  user_audit_lacks: ({ lines }) => `Il manque à l’audit : ${counted(lines, "ligne")}.`,
  fake_listens: ({ url, token }) =>
    `Un faux Oplead écoute à ${url}\n\n  OPLEAD_BASE_URL=${url}\n  OPLEAD_TOKEN=${token}`,
  fake_ended: ({ users, requests, duplicates }) =>
    `${counted(users, "utilisateur")}, ${counted(requests, "requête")}, ${counted(duplicates, "doublon")}.`,
  trigger_unreachable: ({ url, why }) => `${url} est injoignable (${why}). Lancez-le avec : oplead serve`,
  trigger_no_answer: () => "aucune réponse",
  trigger_bad_address: ({ url }) => `--to ${url} : ce n’est pas une adresse.`,
  event_not_json: ({ file }) => `${file} n’est pas du JSON.`,
  event_unreadable: ({ file, code }) => `${file} est illisible (${code}).`,
});
