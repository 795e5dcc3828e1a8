import { inFrench } from "../../base/french.ts";
import type { ReportTexts } from "./english.ts";

export const FRENCH: ReportTexts = {
  reasons: {
    invalid_options: "Les options sont incorrectes.",
    invalid_input: "L'enregistrement n'est pas valide.",
    unauthorized: "Oplead refuse le jeton d'API.",
    forbidden: "Le jeton d'API n'a pas ce droit.",
    not_found: "Oplead n'a pas cet utilisateur, ou l'adresse de base est fausse.",
    conflict: "Un autre utilisateur d'Oplead a le même login, le même e-mail ou le même numéro de compte.",
    rejected: "Oplead a refusé l'utilisateur.",
    rate_limited: "Oplead demande moins de requêtes.",
    server_error: "Oplead a rencontré une erreur interne.",
    unexpected_response: "La réponse ne vient pas d'Oplead, ou n'est pas lisible.",
    connection: "Oplead est injoignable.",
    timeout: "Oplead n'a pas répondu à temps.",
    aborted: "L'exécution a été interrompue.",
    ambiguous_creation: "On ne sait pas si Oplead a créé l'utilisateur.",
    sync_refused: "Le garde-fou a refusé le plan.",
    source_failed: "La source n'a pas pu être lue.",
    ledger_unavailable: "Le registre n'a pas pu être lu ou écrit.",
    queue_unavailable: "Le Redis de la file d'attente est en panne ou n'a pas répondu.",
    ledger_mismatch: "Le registre appartient à une autre plateforme.",
    ledger_conflict: "Un autre processus a envoyé un autre état de l'utilisateur en même temps.",
    ledger_restored: "Le registre est une copie plus ancienne, d'une sauvegarde ou après une bascule.",
    rule_not_enabled: "La règle n'est probablement pas activée pour la plateforme.",
    rule_rejected: "Oplead a refusé la règle.",
    another_user:
      "L'ID Oplead du registre appartient à un autre utilisateur, dont les données ont peut-être été écrasées.",
    run_stopped: "L'exécution s'est arrêtée avant son tour.",
    run_aborted: "L'exécution a été interrompue avant son tour.",
  },
  advice: {
    invalid_options: "Corrigez les options que le message indique.",
    invalid_input: "Corrigez l'enregistrement dans la source.",
    unauthorized: "Renouvelez le jeton d'API ; la prochaine exécution continue à partir d'ici.",
    forbidden: "Demandez ce droit à l'administrateur de votre plateforme Oplead ; la prochaine exécution réessaie.",
    not_found: "Vérifiez baseUrl ; la prochaine exécution réessaie.",
    conflict: "Cherchez l'autre utilisateur et corrigez l'un des deux dans la source.",
    rejected: "Corrigez dans la source les champs qu'Oplead indique ; l'utilisateur est renvoyé dès qu'il a changé.",
    rate_limited: "Réduisez rateLimit si cela se répète ; la prochaine exécution réessaie.",
    server_error:
      "Rien à corriger ; la prochaine exécution réessaie. Si l'erreur persiste, prévenez l'administrateur de votre plateforme Oplead.",
    unexpected_response:
      "Vérifiez baseUrl et si un proxy ou une page de maintenance répond à la place d'Oplead ; la prochaine exécution réessaie.",
    connection: "Vérifiez le réseau et le proxy ; la prochaine exécution réessaie.",
    timeout: "Rien à corriger ; la prochaine exécution réessaie.",
    aborted: "Relancez l'exécution ; elle continue à partir d'ici.",
    ambiguous_creation: "Rien à corriger ; la prochaine exécution le vérifie.",
    sync_refused: "Lisez le plan ; s'il est juste, appliquez-le avec approve.",
    source_failed: "Réparez la source et relancez l'exécution.",
    ledger_unavailable: "Réparez le registre ; la prochaine exécution vérifie ce qui est arrivé.",
    queue_unavailable: "Réparez Redis ; la prochaine exécution envoie ce qui n'est pas arrivé.",
    ledger_conflict: "Rien à corriger ; il est renvoyé.",
    ledger_restored:
      "Relancez une fois avec resend : chaque utilisateur est renvoyé, car le registre ignore ce qui est parti depuis la copie.",
    ledger_mismatch:
      "Utilisez le registre de cette plateforme ; si elle a déménagé, passez adoptPlatform: true une fois.",
    rule_not_enabled:
      "Demandez à l'administrateur de votre plateforme Oplead si la règle est activée ; sinon, retirez-la de la source.",
    rule_rejected:
      "Corrigez la règle dans la source, ou retirez-la si la plateforme ne l'a pas ; elle est renvoyée dès qu'elle a changé.",
    another_user:
      "Corrigez tout de suite cet autre utilisateur dans Oplead et vérifiez si le registre vient d'une autre plateforme ; la prochaine exécution cherche l'utilisateur par son numéro de compte.",
    run_stopped: "Rien à corriger ; la prochaine exécution l'envoie.",
    run_aborted: "Rien à corriger ; la prochaine exécution l'envoie.",
  },
  parentMissing: (parent) => ({
    reason: `Son parent ${parent} n'est pas dans Oplead.`,
    advice: "Corrigez le parent ; l'utilisateur est envoyé après lui.",
  }),
  duplicate: (rows) => ({
    reason: `Les lignes ${rows} ont le même numéro de compte et un contenu différent.`,
    advice: "Gardez la ligne juste ; supprimez ou corrigez les autres.",
  }),
  refusedBefore: "Le refus date d'une exécution précédente et rien n'a changé depuis.",
  lookAtIt: "Vérifiez ce champ dans la source et corrigez-le s'il est faux.",
  issue: (issue) => (issue.code === undefined ? frenchIssue(issue.message) : inFrench(issue)),
  step: (step) => (step === "user" ? "utilisateur" : `règle ${step}`),
  problems: {
    failed: "échec",
    held: "refusé",
    invalid: "invalide",
    duplicate: "doublon",
    skipped: "non envoyé",
    suspicious: "à vérifier",
  },
  columns: {
    row: "ligne",
    accountNumber: "numéro de compte",
    problem: "problème",
    step: "étape",
    field: "champ",
    reason: "motif",
    advice: "conseil",
    opleadAnswer: "réponse d'Oplead",
    code: "code",
    status: "statut HTTP",
    since: "depuis",
    requestId: "identifiant de requête",
  },
};

/**
 * French for the messages of the checks that a user passes before it is sent. A message that is not here, such as one of
 * your own `map`, stays as it is.
 */
const ISSUES: readonly (readonly [english: RegExp, french: string])[] = [
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
  for (const [english, french] of ISSUES) {
    if (english.test(message)) return message.replace(english, french).replace(/"([^"]*)"/g, "« $1 »");
  }
  return message;
}
