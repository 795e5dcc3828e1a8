import type { TextsLike } from "../coded.ts";
import type { CONTENT } from "../en/content.ts";

export const CONTENT_FR: TextsLike<typeof CONTENT> = {
  not_version: () => "doit être un nombre ou du texte",
  unknown_key: ({ known, similar }) =>
    similar === undefined ? `est inconnu ici : il y a ${known.join(", ")}` : `est inconnu ici : « ${similar} » ?`,
  identifies_user: () => "est obligatoire : il identifie l'utilisateur",
  account_number_twice: () => "se trouve deux fois",
  moved_twice: () =>
    "se trouve deux fois : un numéro est ancien ou nouveau dans un seul déplacement ; pour un échange, passez par des numéros libres",
  id_twice: () => "se trouve deux fois, avec des numéros de compte différents",
};
