import { COMMANDER } from "./commander.ts";
import { COVERAGE } from "./coverage.ts";
import { HELP } from "./help.ts";
import { HISTORY } from "./history.ts";
import { SAID } from "./said.ts";
import { SETUP } from "./setup.ts";

/** Everything that the command says in French, by its English text. The command can say nothing that is not here. */
export const TEXTS = { ...COMMANDER, ...HELP, ...SAID, ...HISTORY, ...SETUP, ...COVERAGE } as const;

export type Text = keyof typeof TEXTS;

/** Nouns to count. After a bar: the plural, where it is more than an s. */
export const NOUNS = {
  user: "utilisateur",
  request: "requête",
  record: "enregistrement",
  line: "ligne",
  change: "changement",
  job: "tâche",
  check: "vérification",
  error: "erreur",
  warning: "avertissement",
  finding: "constat",
  lead: "lead",
  day: "jour",
  duplicate: "doublon",
  postcode: "code postal|codes postaux",
  inhabitant: "habitant",
  "custom field": "champ personnalisé|champs personnalisés",
  "row of people|rows of people": "ligne de personnes|lignes de personnes",
  "other row": "autre ligne|autres lignes",
} as const;

export type Noun = keyof typeof NOUNS;
