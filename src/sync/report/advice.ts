import { belongsToAnother } from "../../client/result.ts";
import type { OpleadError, OpleadErrorCode } from "../../errors.ts";
import type { SyncStep } from "../../ledger/ledger.ts";
import type { ReportLanguage } from "../report.ts";
import type { Wording } from "./language.ts";

/** What a failure means, and what to do about it. */
export interface Guidance {
  readonly reason: Wording;
  readonly advice: Wording;
}

/** One entry per error code. The documentation's runbook is generated from this table. */
export const GUIDANCE: Readonly<Record<OpleadErrorCode, Guidance>> = {
  invalid_options: {
    reason: { en: "The options are wrong.", fr: "Les options sont incorrectes." },
    advice: {
      en: "Correct the options that the message names.",
      fr: "Corrigez les options que le message indique.",
    },
  },
  invalid_input: {
    reason: { en: "The record is not valid.", fr: "L'enregistrement n'est pas valide." },
    advice: {
      en: "Correct the record in the source, or in map.",
      fr: "Corrigez l'enregistrement dans la source.",
    },
  },
  unauthorized: {
    reason: { en: "Oplead does not accept the API token.", fr: "Oplead refuse le jeton d'API." },
    advice: {
      en: "Renew the API token; the next run continues from here.",
      fr: "Renouvelez le jeton d'API ; la prochaine exécution continue à partir d'ici.",
    },
  },
  forbidden: {
    reason: { en: "The API token may not do this.", fr: "Le jeton d'API n'a pas ce droit." },
    advice: {
      en: "Ask your Oplead platform administrator for the missing right; the next run tries again.",
      fr: "Demandez ce droit à l'administrateur de votre plateforme Oplead ; la prochaine exécution réessaie.",
    },
  },
  not_found: {
    reason: { en: "Oplead does not know the address.", fr: "Oplead ne connaît pas l'adresse." },
    advice: {
      en: "Check baseUrl; the next run tries again.",
      fr: "Vérifiez baseUrl ; la prochaine exécution réessaie.",
    },
  },
  conflict: {
    reason: {
      en: "Another user in Oplead has the same login, e-mail or account number.",
      fr: "Un autre utilisateur d'Oplead a le même login, le même e-mail ou le même numéro de compte.",
    },
    advice: {
      en: "Look for the other user, and correct one of the two in the source.",
      fr: "Cherchez l'autre utilisateur et corrigez l'un des deux dans la source.",
    },
  },
  rejected: {
    reason: { en: "Oplead refused the user.", fr: "Oplead a refusé l'utilisateur." },
    advice: {
      en: "Correct the fields that Oplead names, in the source; the user is sent again after it has changed.",
      fr: "Corrigez dans la source les champs qu'Oplead indique ; l'utilisateur est renvoyé dès qu'il a changé.",
    },
  },
  rate_limited: {
    reason: { en: "Oplead asked for fewer requests.", fr: "Oplead demande moins de requêtes." },
    advice: {
      en: "Lower the client's rateLimit if this happens often; the next run tries again.",
      fr: "Réduisez rateLimit si cela se répète ; la prochaine exécution réessaie.",
    },
  },
  server_error: {
    reason: { en: "Oplead had an internal error.", fr: "Oplead a rencontré une erreur interne." },
    advice: {
      en: "Nothing to correct; the next run tries again. If it stays, send error.supportReport() to your Oplead platform administrator.",
      fr: "Rien à corriger ; la prochaine exécution réessaie. Si l'erreur persiste, prévenez l'administrateur de votre plateforme Oplead.",
    },
  },
  unexpected_response: {
    reason: {
      en: "The answer did not come from Oplead, or could not be read.",
      fr: "La réponse ne vient pas d'Oplead, ou n'est pas lisible.",
    },
    advice: {
      en: "Check baseUrl, and whether a proxy or a maintenance page answers in place of Oplead; the next run tries again.",
      fr: "Vérifiez baseUrl et si un proxy ou une page de maintenance répond à la place d'Oplead ; la prochaine exécution réessaie.",
    },
  },
  connection: {
    reason: { en: "Oplead could not be reached.", fr: "Oplead est injoignable." },
    advice: {
      en: "Check the network and the proxy; the next run tries again.",
      fr: "Vérifiez le réseau et le proxy ; la prochaine exécution réessaie.",
    },
  },
  timeout: {
    reason: { en: "Oplead did not answer in time.", fr: "Oplead n'a pas répondu à temps." },
    advice: {
      en: "Nothing to correct; the next run tries again.",
      fr: "Rien à corriger ; la prochaine exécution réessaie.",
    },
  },
  aborted: {
    reason: { en: "The run was aborted.", fr: "L'exécution a été interrompue." },
    advice: {
      en: "Start the run again; it continues from here.",
      fr: "Relancez l'exécution ; elle continue à partir d'ici.",
    },
  },
  ambiguous_creation: {
    reason: {
      en: "It is not known whether Oplead created the user.",
      fr: "On ne sait pas si Oplead a créé l'utilisateur.",
    },
    advice: {
      en: "Nothing to correct; the next run finds out.",
      fr: "Rien à corriger ; la prochaine exécution le vérifie.",
    },
  },
  sync_refused: {
    reason: { en: "The guard refused the plan.", fr: "Le garde-fou a refusé le plan." },
    advice: {
      en: "Read the plan; if it is right, apply it with approve.",
      fr: "Lisez le plan ; s'il est juste, appliquez-le avec approve.",
    },
  },
  source_failed: {
    reason: { en: "The source could not be read.", fr: "La source n'a pas pu être lue." },
    advice: {
      en: "Repair the source and start the run again.",
      fr: "Réparez la source et relancez l'exécution.",
    },
  },
  ledger_unavailable: {
    reason: {
      en: "The ledger could not be read or written.",
      fr: "Le registre n'a pas pu être lu ou écrit.",
    },
    advice: {
      en: "Repair the ledger; the next run finds out what has arrived.",
      fr: "Réparez le registre ; la prochaine exécution vérifie ce qui est arrivé.",
    },
  },
  queue_unavailable: {
    reason: {
      en: "The queue's Redis failed or did not answer.",
      fr: "Le Redis de la file d'attente est en panne ou n'a pas répondu.",
    },
    advice: {
      en: "Repair Redis; the next run sends what has not arrived.",
      fr: "Réparez Redis ; la prochaine exécution envoie ce qui n'est pas arrivé.",
    },
  },
  ledger_mismatch: {
    reason: {
      en: "The ledger belongs to another platform.",
      fr: "Le registre appartient à une autre plateforme.",
    },
    advice: {
      en: "Use the ledger of this platform; if the platform has moved, pass adoptPlatform: true once.",
      fr: "Utilisez le registre de cette plateforme ; si elle a déménagé, passez adoptPlatform: true une fois.",
    },
  },
};

/** For a rule that Oplead answers with 403, 404 or 405. */
export const RULE_NOT_ENABLED: Guidance = {
  reason: {
    en: "The rule is probably not enabled for the platform.",
    fr: "La règle n'est probablement pas activée pour la plateforme.",
  },
  advice: {
    en: "Ask your Oplead platform administrator whether the rule is enabled; then run with retryHeld, or leave the rule out.",
    fr: "Demandez à l'administrateur de votre plateforme Oplead si la règle est activée ; sinon, retirez-la de la source.",
  },
};

/** For a rule that Oplead refused for its content. */
export const RULE_REJECTED: Guidance = {
  reason: { en: "Oplead refused the rule.", fr: "Oplead a refusé la règle." },
  advice: {
    en: "Correct the rule in the source, or leave it out where the platform does not have it; it is sent again after it has changed.",
    fr: "Corrigez la règle dans la source, ou retirez-la si la plateforme ne l'a pas ; elle est renvoyée dès qu'elle a changé.",
  },
};

/** For an update that went to another user, because the id in the ledger belongs to that one. */
const ANOTHER_USER: Guidance = {
  reason: {
    en: "The Oplead ID in the ledger belongs to another user, whose data may be overwritten now.",
    fr: "L'ID Oplead du registre appartient à un autre utilisateur, dont les données ont peut-être été écrasées.",
  },
  advice: {
    en: "Correct that user in Oplead at once, and check whether the ledger comes from another platform; the next run looks this user up by its account number.",
    fr: "Corrigez tout de suite cet autre utilisateur dans Oplead et vérifiez si le registre vient d'une autre plateforme ; la prochaine exécution cherche l'utilisateur par son numéro de compte.",
  },
};

/** What a failed step means, and what to do about it, where the error itself is at hand. */
export function guidanceOf(error: OpleadError, step: SyncStep): Guidance {
  return belongsToAnother(error) ? ANOTHER_USER : guidanceFor(error.code, step, error.status);
}

/** What a failed step means, and what to do about it. */
export function guidanceFor(code: OpleadErrorCode, step: SyncStep, status: number | undefined): Guidance {
  if (step !== "user" && (status === 403 || status === 404 || status === 405)) return RULE_NOT_ENABLED;
  if (step !== "user" && code === "rejected") return RULE_REJECTED;
  return GUIDANCE[code];
}

/** What to do about a failed step, in a sentence. */
export function adviceFor(
  code: OpleadErrorCode,
  step: SyncStep,
  status: number | undefined,
  language: ReportLanguage = "en",
): string {
  return guidanceFor(code, step, status).advice[language];
}
