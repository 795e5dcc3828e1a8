import type { TextsLike } from "../coded.ts";
import type { QUEUE, WEBHOOK } from "../en/webhook.ts";
import { french } from "./words.ts";

export const WEBHOOK_FR: TextsLike<typeof WEBHOOK> = /* @__PURE__ */ french({
  not_verifier:
    'doit dire comment les livraisons sont vérifiées : standardWebhooks, hmacSignature, stripeStyle, une fonction, ou "none"',
  not_schema: "doit être un Standard Schema, par exemple de Zod, Valibot ou ArkType",
  not_event_map: "doit être une fonction d’un événement vers des entrées",
  not_delivery_id: "doit être le nom d’un en-tête, ou une fonction",
  ledger_beside_queue: "ne va pas avec queue : donnez-le au worker de la file d’attente",
  no_secrets: "doit être une liste d’au moins un secret",
  secret_missing: "est absent : la variable d’environnement est-elle définie ?",
  not_secret: "doit être du texte ou des octets",
  secret_undecodable: "n’est pas du base64 : écrivez-le comme l’expéditeur l’affiche, whsec_…",
  secret_short: ({ bytes }) => `a moins de ${bytes} octets : il a sans doute été coupé`,
  not_header: "doit être le nom d’un en-tête",
  signed_content_lacks: ({ parts }) => `doit contenir ${parts.join(" et ")} une fois`,
  needs_timestamp_header: "exige timestampHeader",
  not_entry: "doit être une entrée : { user, rules?, version? }",
  event_needs_account_number:
    "est obligatoire : sans lui, l’événement suivant créerait l’utilisateur une deuxième fois",
});

export const QUEUE_FR: TextsLike<typeof QUEUE> = /* @__PURE__ */ french({
  not_redis_url: "doit être un client d’ioredis, ou commencer par redis:// ou rediss://",
  not_queue_name: "doit avoir de 1 à 100 lettres, chiffres, points, tirets ou tirets bas",
  not_encryption_key:
    "doit être 32 octets en base64 (openssl rand -base64 32), une liste de telles clés, la plus récente en premier, ou false pour stocker les utilisateurs en clair",
  retries_in_cluster: "doit avoir maxRetriesPerRequest: null dans ses redisOptions, comme BullMQ l’exige",
  load_needed: "doit être une fonction, car la file d’attente ne stocke pas d’utilisateurs (storeUsers: false)",
  other_queue_platform: ({ given, wanted }) => `est ${given}, et la file d’attente est pour ${wanted}`,
  other_user: "n’est pas celui qui a été demandé",
});
