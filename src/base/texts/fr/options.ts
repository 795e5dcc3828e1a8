import type { TextsLike } from "../coded.ts";
import type { OPTIONS } from "../en/options.ts";

export const OPTIONS_FR: TextsLike<typeof OPTIONS> = {
  no_token: () =>
    "est absent : donnez { token } ou définissez OPLEAD_TOKEN. L'administrateur de votre plateforme Oplead le délivre",
  empty_token: () => "est vide",
  padded_token: () => "est entouré d'espaces : il a sans doute été copié avec un saut de ligne",
  bearer_token: () => "commence par « Bearer » : retirez-le, le paquet l'ajoute",
  unsendable_token: () => "contient des caractères qu'un en-tête ne peut pas porter",
  not_url: () => "n'est pas une URL : écrivez https://hôte, sans chemin de l'API (le paquet ajoute /v1/…)",
  not_http: () => "doit commencer par https://",
  plain_http: () =>
    "est en http simple vers une autre machine, et les secrets peuvent être lus en chemin : écrivez https://, ou allowHttp: true pour un serveur de test",
  url_with_password: () => "ne doit contenir ni nom d'utilisateur ni mot de passe",
  url_with_query: () => "ne doit contenir ni requête ni fragment",
  url_with_version: () => "se termine par /v1, que le paquet ajoute lui-même",
  not_platform_name: () => "doit être un nom de 100 caractères au plus",
  not_auth: () => 'doit être "bearer" ou { header: "NOM-DE-L-EN-TÊTE" }',
  header_with_meaning: () => "désigne un en-tête qui a déjà un sens",
  not_id_field: () => 'doit être le nom d\'un champ, ou un chemin avec des points, par exemple "data.id"',
  not_facts: () => "doit être le contenu d'un platform-facts.json que cette version sait lire : relancez oplead probe",
  facts_of_other_platform: ({ baseUrl }) =>
    `proviennent de ${baseUrl}, et ce client a une autre URL de base : lancez oplead probe sur celle-ci`,
  contradicts_fact: ({ option, fact }) =>
    `vaut ${option}, et les faits de la plateforme disent ${fact} : retirez l'option, ou relancez oplead probe`,
  not_rate_limit: () => "doit être { requests, perMs }, un débit partagé, le rateLimit d'un autre client ou false",
  not_retry: () => "doit être { attempts, baseMs, maxMs } ou false",
  not_hooks: () => "doit être un objet avec la fonction around, ou une liste de tels objets",
  test_mode_unclear: () => 'OPLEAD_TEST_MODE doit être "true" ou "false"',
  fetch_failed: ({ error }) => `a échoué d'elle-même (${error}), et non à cause de la connexion : error.cause dit où`,
  in_browser: () =>
    "ceci ressemble à une page web, où chaque visiteur pourrait lire le jeton d'API. Appelez Oplead depuis un serveur. " +
    "Si seules des personnes de confiance voient cette page (un test dans jsdom, un outil interne), passez " +
    "dangerouslyAllowBrowser: true",
  of_other_client: () => "est fixé par le client dont celui-ci partage le rateLimit",
  leaves_test_mode: () => "ce client est en mode test, qui s'active et ne se désactive jamais : créez un autre client",
  not_headers: () => "doit être un simple objet de noms et de valeurs",
  not_header_name: () => "un nom d'en-tête contient un caractère interdit",
  reserved_header: () => "est défini par le paquet",
  method_override: () => "changerait une méthode en une autre",
  not_header_value: () => "doit être une ligne de texte ASCII",
};
