/** How alike two names are, from 0 to 1, by the words in them: `zipCode` and `postCodeZip`, `competences` and `competence`. */
export function likeness(a: string, b: string): number {
  if (lettersOf(a) === lettersOf(b)) return 1;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const common = [...left].filter((word) => right.has(word)).length;
  return common / Math.max(1, left.size + right.size - common);
}

/** Pairs each old name with the new name most like it. Each new name is used once. */
export function pair(gone: readonly string[], fresh: readonly string[], least = 0.3): Map<string, string> {
  const scored = gone
    .flatMap((old) => fresh.map((now) => ({ old, now, score: likeness(old, now) })))
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score);
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  for (const { old, now } of scored) {
    if (pairs.has(old) || taken.has(now)) continue;
    pairs.set(old, now);
    taken.add(now);
  }
  return pairs;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, "");
}

function wordsOf(name: string): Set<string> {
  const words =
    name
      .replace(/([a-z\d])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[a-z\d]+/g) ?? [];
  return new Set(words.map((word) => word.replace(/(?<=..)s$/, "")));
}
