/**
 * French for the messages of the checks that a user passes before it is sent. A message that is not here, such as one of
 * your own `map`, stays as it is.
 */
const FRENCH: readonly (readonly [english: RegExp, french: string])[] = [
  [/^is required; there is "(.+)", which must be written "(.+)"$/, "est obligatoire ; il y a « $1 », à écrire « $2 »"],
  [/^is required: the ledger and Oplead identify the user by it$/, "est obligatoire : il identifie l'utilisateur"],
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
  [/^is not what key gives for this record$/, "ne correspond pas à la clé (key) de cet enregistrement"],
  [/^cannot be written as JSON$/, "ne peut pas être écrit en JSON"],
  [/^(.+) is not a profile of this platform$/, "$1 n'est pas un profil de cette plateforme"],
  [/^is in a cycle of parents: (.+)$/, "fait partie d'un cycle de parents : $1"],
  [
    /^the parent has the profile (.+), which is not above (.+)$/,
    "le parent a le profil $1, qui n'est pas au-dessus de $2",
  ],
  [/^is not a field that Oplead is known to have; (".+") is one$/, "n'est pas un champ connu d'Oplead ; $1 en est un"],
  [/^is also the \w+ of (.+)$/, "est aussi celui de $1"],
  [
    /^is not a zip code of (\w+): a leading zero was probably lost$/,
    "n'est pas un code postal de $1 : un zéro initial a sans doute été perdu",
  ],
  [/^is not a zip code of (\w+)$/, "n'est pas un code postal de $1"],
];

/** The message of an issue in French, as far as it is known. */
export function frenchIssue(message: string): string {
  for (const [english, french] of FRENCH) {
    if (english.test(message)) return message.replace(english, french).replace(/"([^"]*)"/g, "« $1 »");
  }
  return message;
}
