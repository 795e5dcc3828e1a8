import type { TextsLike } from "../coded.ts";
import type { USER } from "../en/user.ts";

export const USER_FR: TextsLike<typeof USER> = {
  not_user: () => "doit être un objet : { civility, lastname, login, email, address, profile, … }",
  not_address: () => "doit être un objet : { zipCode, city, country: { code } }",
  not_country: () => 'doit être un objet : { code: "FR" }',
  not_profile: () => 'doit être un objet : { code: "…" }',
  not_email: () => "n'est pas une adresse e-mail",
  zip_code_lost_zero: () =>
    "un code postal est du texte : un zéro initial a sans doute été perdu. Lisez la colonne comme du texte",
  padded_identifier: () => "est entouré d'espaces, avec lesquelles ce serait un autre identifiant",
  not_identifier: () => "ne peut pas servir d'identifiant",
  not_parent: () => "doit être l'ID Oplead ou le numéro de compte du parent, en texte et sans espaces",
  digits_only: () =>
    "ne contient que des chiffres et pourrait être l'ID Oplead d'un autre utilisateur, qui serait écrasé : ajoutez un préfixe " +
    "(« RH-… »), ou activez numericAccountNumbers si aucun ID de la plateforme n'a cette forme",
  similar_field: ({ similar }) =>
    `n'est pas un champ connu d'Oplead ; « ${similar} » en est un. Corrigez-le, ou ajoutez-le à customFields`,
  unknown_field: () => "n'est ni un champ connu ni un champ de customFields",
  not_custom: () => "existe aussi à côté de custom, ou y a sa propre place",
  null_field: () =>
    "ne doit pas être null : omettez le champ, ou donnez un texte vide. Oplead ne documente ni ce qu'il fait d'un texte vide ni une " +
    "autre façon de vider un champ",
  needs_account_number: () =>
    "est obligatoire sans id : sans l'un ni l'autre, une deuxième exécution créerait l'utilisateur une deuxième fois",
};
