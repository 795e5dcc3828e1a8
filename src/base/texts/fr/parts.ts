import type { TextsLike } from "../coded.ts";
import type { PARTS } from "../en/parts.ts";

export const PARTS_FR: TextsLike<typeof PARTS> = {
  not_ledger: () =>
    "doit être un registre : memoryLedger(), fileLedger(path), keyvLedger(keyv), redisLedger(redis) ou createLedger(store)",
  not_ledger_store: () => "doit être un magasin avec « get », « replace » et « entries »",
  not_delivery_store: () => "doit être un registre de livraisons avec « has » et « add »",
  not_queue: () => "doit être une file d'attente : userQueue(…) de oplead-sdk/bullmq",
  not_ledger_key: () =>
    "doit être un secret d'au moins 16 octets, ou une liste de tels secrets, dont le premier sert à écrire",
  not_directory: () => "doit être le chemin d'un dossier",
  not_keyv: () => "doit être un Keyv",
  hides_errors: () =>
    "doit être true : sinon un stockage en panne ressemble à un stockage vide, et chaque utilisateur à un nouveau",
  cannot_list: () => "est absent : ce stockage ne sait pas lister ses clés, ce que la planification exige",
  not_redis: () => "doit être un client d'ioredis",
  has_key_prefix: () => "ne doit pas avoir de keyPrefix, que SCAN ignore : utilisez l'option prefix",
  not_audit_place: () => "doit être le chemin d'un fichier, ou { file, keepDays }",
  not_iterable: () => "doit être une liste, ou autre chose qui se lit élément par élément",
  not_clock: () => "doit être une fonction qui rend des millisecondes depuis 1970",
  not_share: () => "doit être une part au-dessus de 0 et d'au plus 1",
};
