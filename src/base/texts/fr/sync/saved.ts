import type { TextsLike } from "../../coded.ts";
import type { SAVED } from "../../en/sync/saved.ts";

export const SAVED_FR: TextsLike<typeof SAVED> = {
  not_saved_plan: () => "doit être le JSON d'un plan, tel que JSON.stringify(plan) l'écrit",
  not_plan: () => "doit être ce que planSync a rendu",
  not_report: () => "doit être le rapport d'une exécution",
  not_map: () => "doit être une Map de textes par numéro de compte",
  other_form: ({ version, current }) =>
    `a été enregistré sous la forme ${version}, et cette version du paquet lit la forme ${current} : refaites le plan`,
  altered_plan: () => "a été modifié après son enregistrement : refaites le plan",
};
