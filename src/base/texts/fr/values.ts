import type { TextsLike } from "../coded.ts";
import type { VALUES } from "../en/values.ts";

export const VALUES_FR: TextsLike<typeof VALUES> = {
  required: () => "est obligatoire",
  empty: () => "ne doit pas être vide",
  not_text: () => "doit être du texte",
  lost_zero: () => "doit être du texte : un zéro initial a sans doute été perdu",
  not_boolean: () => "doit être true ou false",
  not_number: ({ min, max }) => `doit être un nombre de ${min} à ${max}`,
  not_whole_number: ({ min, max }) => `doit être un nombre entier de ${min} à ${max}`,
  not_function: () => "doit être une fonction",
  not_object: () => "doit être un objet",
  not_list: () => "doit être une liste",
  not_one_of: ({ allowed }) => `doit être ${allowed.map((value) => JSON.stringify(value)).join(" ou ")}`,
  unknown_option: ({ known }) => `n'est pas une option ; il y a ${known.join(", ")}`,
  unreadable: () => "ne peut pas être lu : l'un de ses champs lève une erreur",
  not_json: () => "ne peut pas être écrit en JSON",
  invalid: () => "n'est pas valide",
  not_text_or_number: () => "doit être du texte ou un nombre entier",
  dots_only: () => "ne doit pas être « . » ni « .. », qui désignent un autre chemin",
  not_unicode: () => "n'est pas de l'Unicode valide",
  not_country_code: () => "doit être le code pays à deux lettres en capitales, par exemple « FR »",
  pino_unwrapped: () => "est pino, qui perdrait les champs : donner pinoLogger(pino)",
  not_logger: () => "doit être un journal avec debug, info, warn et error",
  not_signal: () => "doit être un AbortSignal",
};
