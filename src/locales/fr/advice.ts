import type { TextsLike } from "../coded.ts";
import type { ADVICE } from "../en/advice.ts";
import { french } from "./words.ts";

export const ADVICE_FR: TextsLike<typeof ADVICE> = /* @__PURE__ */ french({
  invalid_options: "Corrigez les options que le message indique.",
  invalid_input: "Corrigez l’enregistrement dans la source.",
  token_unavailable:
    "Rétablissez le service que la fonction du jeton interroge ; la prochaine exécution reprendra où celle-ci s’est arrêtée.",
  unauthorized: "Renouvelez le jeton d’API ; la prochaine exécution reprendra où celle-ci s’est arrêtée.",
  forbidden: "Demandez ce droit à l’administrateur de votre plateforme Oplead ; la prochaine exécution réessaiera.",
  not_found: "Vérifiez `baseUrl` ; la prochaine exécution réessaiera.",
  conflict: "Cherchez l’autre utilisateur et corrigez l’un des deux dans la source.",
  refused:
    "Corrigez dans la source les champs qu’Oplead indique ; l’utilisateur sera renvoyé dès qu’il aura changé. Si la plateforme les nomme autrement : npx oplead-sdk probe.",
  rate_limited:
    "Rien à corriger : le client ralentit de lui-même et la prochaine exécution réessaiera. Si cela se répète, cherchez d’autres programmes qui utilisent le même jeton.",
  server_error:
    "Rien à corriger ; la prochaine exécution réessaiera. Si l’erreur persiste, transmettez à l’administrateur de votre plateforme Oplead ce qu’affiche « oplead why COMPTE --support ».",
  unexpected_response:
    "Vérifiez `baseUrl`, et qu’aucun proxy ni page de maintenance ne répond à la place d’Oplead ; la prochaine exécution réessaiera.",
  connection: "Vérifiez le réseau et le proxy ; la prochaine exécution réessaiera.",
  timeout: "Rien à corriger ; la prochaine exécution réessaiera.",
  deadline:
    "Rien à corriger ; la prochaine exécution réessaiera. Si cela dure, lancez moins d’appels à la fois, ou augmentez `rateLimit`, `maxConcurrency` ou `deadlineMs`.",
  aborted: "Relancez l’exécution : elle reprendra où celle-ci s’est arrêtée.",
  ambiguous_creation: "Rien à corriger ; la prochaine exécution le vérifiera.",
  incomplete:
    "Corrigez ce qui a échoué, puis renvoyez l’utilisateur : ce qu’Oplead a accepté peut être renvoyé sans risque.",
  sync_refused: "Lisez le plan ; s’il est correct, approuvez-le.",
  source_failed: "Corrigez la source et relancez l’exécution.",
  ledger_unavailable: "Rétablissez le registre ; la prochaine exécution vérifiera ce qui est arrivé.",
  state_lost: "La prochaine exécution renverra l’utilisateur. Redis ne doit pas évincer de clés.",
  queue_unavailable: "Rétablissez Redis ; la prochaine exécution enverra ce qui n’est pas arrivé.",
  ledger_mismatch:
    "Utilisez le registre de cette plateforme ; si elle a changé d’adresse, passez `advanced: { adoptPlatform: true }` une fois.",
  audit_unavailable:
    "Libérez de la place sur le disque, donnez le droit d’écrire le fichier, puis relancez l’exécution.",
  ledger_conflict: "Rien à corriger ; l’utilisateur sera renvoyé.",
  rule_not_enabled:
    "Demandez à l’administrateur de votre plateforme Oplead si la règle est activée ; sinon, retirez-la de la source. npx oplead-sdk probe --as COMPTE trouve un autre chemin.",
  rule_refused:
    "Corrigez la règle dans la source, ou retirez-la si la plateforme ne la connaît pas ; elle sera renvoyée dès qu’elle aura changé.",
  another_user:
    "Corrigez tout de suite cet autre utilisateur dans Oplead et vérifiez si le registre vient d’une autre plateforme ; la prochaine exécution cherchera l’utilisateur par son numéro de compte.",
  run_stopped: "Rien à corriger ; la prochaine exécution l’enverra.",
  run_handed_over: "Rien à corriger ; la prochaine exécution l’enverra si besoin.",
  run_paused: "Rien à corriger ; la première exécution après la pause l’enverra.",
  run_aborted: "Rien à corriger ; la prochaine exécution l’enverra.",
  parent_missing: "Corrigez d’abord ce responsable ; ceux qui l’attendent seront envoyés ensuite.",
  duplicate: "Gardez la bonne ligne ; supprimez ou corrigez les autres.",
  leaver_grace: "Rien à faire pour l’instant. Un utilisateur de retour dans la source quittera cette liste.",
  leaver_due:
    "Demandez à l’administrateur de votre plateforme Oplead de traiter le départ, puis notez-le : npx oplead-sdk leavers done.",
  leaver_perhaps:
    "Complétez les numéros de compte qui manquent dans la source, et réglez le cas des personnes peut-être déjà connues.",
  suspicious: "Vérifiez ce champ dans la source et corrigez-le s’il est faux.",
});
