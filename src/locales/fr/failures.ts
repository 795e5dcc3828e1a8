import type { TextsLike } from "../coded.ts";
import type { ALERT_FAILURES, FILE_LEDGER, NotOpened, PAUSE, REDIS } from "../en/failures.ts";
import { french } from "./words.ts";

const NOT_OPENED: Record<NotOpened, string> = {
  full: "Le disque est plein, ou son quota est atteint : faites de la place.",
  denied:
    "Ce processus n’a pas le droit d’y écrire : donnez à son utilisateur le droit d’écrire dans le dossier et dans tous ses fichiers.",
  read_only: "Le système de fichiers est en lecture seule : montez-le en écriture, ou utilisez un autre chemin.",
  no_locks:
    "Le système de fichiers ne sait pas verrouiller un fichier, comme beaucoup de lecteurs réseau : utilisez un chemin sur un " +
    "disque local, ou redisLedger.",
  no_folder: "Une partie du chemin est un fichier : utilisez un autre chemin.",
  unknown:
    "Vérifiez que le disque a de la place, que ce processus peut écrire dans le dossier et dans tous ses fichiers, et que le " +
    "chemin est sur un disque local et non sur un lecteur réseau.",
};

export const FILE_LEDGER_FR: TextsLike<typeof FILE_LEDGER> = /* @__PURE__ */ french({
  ledger_closed: ({ path }) => `Le registre ${path} a été fermé.`,
  ledger_damaged: ({ path }) =>
    `Le registre ${path} est endommagé. Libérez de la place si le disque est plein, puis relancez. S’il reste endommagé, restaurez-le depuis une sauvegarde, ou supprimez le dossier : l’exécution suivante ` +
    "cherchera alors chaque utilisateur par son numéro de compte et réécrira le registre.",
  ledger_locked: ({ path }) =>
    `Le registre ${path} est déjà ouvert par un autre processus, ou par un autre fileLedger de celui-ci. Deux exécutions en ` +
    "même temps enverraient tout deux fois. Attendez la fin de l’autre, ou utilisez un registre que plusieurs processus " +
    "peuvent partager : redisLedger.",
  ledger_not_opened: ({ path, code, because }) =>
    `Le registre ${path} ne peut pas être ouvert (${code}). ${NOT_OPENED[because]}`,
  ledger_disk_full: ({ path }) =>
    `Le disque du registre ${path} est plein. Libérez de la place et relancez : ce qu’Oplead a confirmé est gardé, ou sera retrouvé.`,
  ledger_not_read: ({ path, code }) =>
    `Le registre ${path} ne peut pas être lu ou écrit (${code}). S’il lui manque des fichiers, restaurez-les depuis une ` +
    "sauvegarde ou supprimez le dossier : l’exécution suivante cherchera alors chaque utilisateur par son numéro de compte.",
  ledger_package_missing:
    "fileLedger a besoin du paquet classic-level, qui n’est pas installé ici, parce que les paquets optionnels ont été omis " +
    "ou qu’il n’a pas pu être compilé : npm install classic-level@3, ou utilisez redisLedger.",
  ledger_package_broken:
    "fileLedger a trouvé le paquet classic-level, mais son binaire ne peut pas être chargé. Si ce programme est un bundle, " +
    "laissez classic-level en dehors (esbuild : --external:classic-level) et installez-le à côté. Sinon, il n’existe " +
    "peut-être pas de binaire pour ce système : utilisez redisLedger.",
  note_not_read: ({ file, code }) => `Le fichier ${file} du registre ne peut pas être lu (${code}).`,
  note_not_written: ({ file, code }) => `Le fichier ${file} du registre ne peut pas être écrit (${code}).`,
});

export const REDIS_FR: TextsLike<typeof REDIS> = /* @__PURE__ */ french({
  ledger_redis_failed: ({ code }) => `Le Redis du registre est en panne${code === undefined ? "" : ` (${code})`}.`,
  queue_redis_failed: ({ code }) =>
    `Le Redis de la file d’attente est en panne${code === undefined ? "" : ` (${code})`}.`,
  queue_redis_evicts: ({ policy }) =>
    `Le Redis de la file d’attente peut supprimer des utilisateurs déjà acceptés (maxmemory-policy ${policy}). Mettez noeviction.`,
});

export const PAUSE_FR: TextsLike<typeof PAUSE> = /* @__PURE__ */ french({
  pause_damaged:
    "La pause des exécutions est endommagée. Rien n’est envoyé. Redéfinissez-la ou mettez-y fin : npx oplead-sdk pause --until DATE, npx oplead-sdk pause --off.",
  pause_too_long: ({ until }) =>
    `La pause des exécutions finit le ${until}, dans plus de 30 jours : l’horloge est fausse ici, ou l’était là où la pause a été définie. Rien n’est envoyé. Redéfinissez-la ou mettez-y fin : npx oplead-sdk pause --until DATE, npx oplead-sdk pause --off.`,
});

export const ALERT_FAILURES_FR: TextsLike<typeof ALERT_FAILURES> = /* @__PURE__ */ french({
  target_silent: ({ timeoutMs }) => `pas de réponse en ${timeoutMs} ms`,
  target_answered: ({ status }) => `a répondu ${status}`,
  mailer_missing: "le paquet n’est pas installé : npm install nodemailer",
  target_failed: ({ code }) => `échec : ${code}`,
});
