import type { TextsLike } from "../../coded.ts";
import type { SYNC_OPTIONS } from "../../en/sync/options.ts";

export const SYNC_OPTIONS_FR: TextsLike<typeof SYNC_OPTIONS> = {
  not_mark: () => "doit être le ledgerMark d'un rapport",
  not_records: () => "doit être un itérable, un itérable asynchrone, ou une fonction qui en rend un",
  several_sources: () =>
    "est une liste de sources : mettez leurs enregistrements bout à bout avec concatSources(a, b), ou cherchez l'une dans l'autre avec " +
    "joinSources(a, { with: b, on, as })",
  not_since: () => "demande les changements à la source, qui doit donc être une fonction : ({ since }) => …",
  first_run_gone: () =>
    "n'est plus une option : une première exécution s'approuve par l'empreinte de son plan, comme tout plan refusé. npx oplead sync affiche " +
    "la commande, npx oplead sync --approve HASH ; dans un programme : plan.apply({ approve })",
  not_plan_hash: () => "doit être l'empreinte d'un plan, ou un plan tel qu'il a été enregistré",
  not_time: () => "doit être une Date",
  time_over: () => "doit être dans le futur",
  time_too_far: () => "doit être dans 30 jours au plus",
  not_account_numbers: () => "doit être une liste de numéros de compte",
  not_policies: () => "doit être une liste de politiques : { name, judge }",
  needs_coverage: () => "demande coverage, qui dit où sont les utilisateurs et quels leads existent",
  policy_failed: ({ error, at }) => `a échoué : ${error}${at === undefined ? "" : ` (${at})`}`,
};
