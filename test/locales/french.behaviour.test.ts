import { expect, it } from "vitest";
import { englishLines } from "../support/english.ts";
import { allTexts } from "../support/texts.ts";

const SHARED = ["ID X", "code", "Leads", "Segment", "Node", "Oplead", "Pause", "Proxy", "Source"];
// The text comes from the user.
const OF_THE_USER = "record_error";

it("every code of every subject has a French text, which differs from the English one", async () => {
  const texts = await allTexts();
  expect(texts.length).toBeGreaterThan(150);
  const missing = texts.filter(
    ({ code, english, french }) =>
      french === "" ||
      (french === english && holdsWords(String(french)) && code !== OF_THE_USER && !SHARED.includes(french)),
  );
  expect(missing).toEqual([]);
});

// A text may consist only of parameters, or of a command of the system.
function holdsWords(text: string) {
  return /\p{L}{2}/u.test(text.replace(/^(?:chmod|npm install) .*/, ""));
}

it("no French text reads like English", async () => {
  const texts = (await allTexts()).map(({ french }) => String(french));
  expect(texts.filter((text) => englishLines(text).length > 0)).toEqual([]);
});

// What a French reader would not write: the habit, and a word for it.
const HABITS: Readonly<Record<string, RegExp>> = {
  "exit codes: renvoie le code 1": /se termine(?:nt)? par \d/,
  "advice: future":
    /(?:prochaine|première) exécution (?:après la pause )?(?:l’|le |la |les |s’|ne )?(?!l’|le |la |les )(?!\p{L}*(?:ra|rait) )(?:réessaie|continue|vérifie|envoie|renvoie|cherche|trouve|dit|reprend|appelle|demande|crée|met|fait)(?!\p{L})/u,
  "contains or knows, for has":
    /(?:Oplead|[Ll]e registre|[Ll]a source|[Ll]a plateforme|réponse|page|enregistrement|univers|classeur) (?:n’)?a (?:un |une |aucun|encore |\d|pas de |pas d’(?!été)|cet |toujours |maintenant |d’autres )|qu’Oplead a (?:déjà|tel)|la source l’a/,
  "exécution nocturne": /\bnuits?\b/,
  "renvoyer, for return": /\brend(?:re|u|ent)?\b(?! (?:la|sa) ligne)/,
  "accepted names: options possibles":
    / : il y a «|n’est pas une?[\p{L} ]+[;: ]*(?:il y a|les [\p{L} ]+ sont)|inconnu ici : il y a/u,
  "one word: mise à jour": /à modifier|\d modifications?\b|(?:serait|seraient) modifi/,
  "si c’est voulu": /écarts/,
};

it("no French text has a habit of English: exit codes, the present for the future, has for contains", async () => {
  const texts = (await allTexts()).map(({ subject, code, french }) => ({
    subject,
    code,
    french: String(french).replace(/[\u00a0\u202f]/g, " "),
  }));
  const found = Object.entries(HABITS).flatMap(([habit, form]) =>
    texts
      .filter(({ french }) => form.test(french))
      .map(({ subject, code, french }) => `${habit} · ${subject} ${code} · ${french}`),
  );
  expect(found).toEqual([]);
  const old = [
    "se termine par 1",
    "la prochaine exécution réessaie.",
    "La source n’a pas d’utilisateur",
    "lancer les nuits",
    "une fonction qui en rend un",
    "n’est pas une option ; il y a a",
    "à modifier",
    "Si ces écarts sont voulus",
  ];
  expect(Object.values(HABITS).map((form, at) => form.test(old[at] ?? ""))).toEqual(old.map(() => true));
});
