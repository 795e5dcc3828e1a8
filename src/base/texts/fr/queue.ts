import type { TextsLike } from "../coded.ts";
import type { QUEUE } from "../en/queue.ts";

export const QUEUE_FR: TextsLike<typeof QUEUE> = {
  not_redis_url: () => "doit commencer par redis:// ou rediss://",
  not_queue_name: () => "doit avoir de 1 à 100 lettres, chiffres, points, tirets ou soulignés",
  not_encryption_key: () => "doit être 32 octets en base64, ou une liste de telles clés, la plus récente en premier",
  retries_in_cluster: () => "doit avoir maxRetriesPerRequest: null dans ses redisOptions, comme BullMQ l'exige",
  no_braces: () =>
    "doit avoir des accolades dans un Redis Cluster, par exemple {oplead}, pour que les clés de la file soient dans un même slot",
  load_needed: () => "doit être une fonction, car la file d'attente ne stocke pas d'utilisateurs (storeUsers: false)",
  not_key_prefix: () => "doit avoir de 1 à 100 lettres, chiffres, points, tirets, soulignés ou accolades",
  other_queue_platform: ({ given, wanted }) => `est ${given}, et la file d'attente est pour ${wanted}`,
  other_user: () => "n'est pas celui qui a été demandé",
};
