/**
 * French for the messages of the checks that a user passes before it is sent. A message that is not here, such as one of
 * your own `map`, stays as it is.
 */
const FRENCH: readonly (readonly [english: RegExp, french: string])[] = [
  [/^is required; there is "(.+)", which must be written "(.+)"$/, "est obligatoire ; il y a « $1 », à écrire « $2 »"],
  [/^is required to know the user by$/, "est obligatoire pour reconnaître l'utilisateur"],
  [/^is required$/, "est obligatoire"],
  [/^must not be empty$/, "ne doit pas être vide"],
  [/^must be text$/, "doit être du texte"],
  [/^must be text: a leading zero was probably lost$/, "doit être du texte : un zéro initial a sans doute été perdu"],
  [
    /^zip codes are text: a leading zero was probably lost\b.*$/,
    "un code postal est du texte : un zéro initial a sans doute été perdu. Lisez la colonne comme du texte",
  ],
  [/^is not an e-mail address$/, "n'est pas une adresse e-mail"],
  [
    /^must be the two-letter country code in capitals\b.*$/,
    "doit être le code pays à deux lettres en capitales, par exemple « FR »",
  ],
  [/^has white space around it\b.*$/, "est entouré d'espaces"],
  [/^cannot be an identifier$/, "ne peut pas servir d'identifiant"],
  [
    /^must be the parent's Oplead ID or accountNumber\b.*$/,
    "doit être l'ID Oplead ou le numéro de compte du parent, en texte et sans espaces",
  ],
  [/^must be an object: (.*)$/, "doit être un objet : $1"],
  [/^must be a number or text$/, "doit être un nombre ou du texte"],
  [/^map threw (.*)$/, "map a échoué : $1"],
];

/** The message of an issue in French, as far as it is known. */
export function frenchIssue(message: string): string {
  for (const [english, french] of FRENCH) if (english.test(message)) return message.replace(english, french);
  return message;
}
