/** The known name that another was meant to be: see {@link isSimilar}. */
export function similarTo(name: string, known: readonly string[]): string | undefined {
  return known.find((one) => isSimilar(name, one));
}

/** The same letters in another case or with other separators, or one letter too many, missing, wrong, or swapped. */
function isSimilar(name: string, known: string): boolean {
  const [a, b] = [plain(name), plain(known)];
  if (a === b) return true;
  // phone2 and address2 are names of their own.
  if (b.length < 5 || /\d/.test(a)) return false;
  const first = [...b].findIndex((letter, at) => letter !== a[at]);
  const start = first < 0 ? b.length : first;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

function plain(name: string): string {
  return name.replace(/[\s_-]/g, "").toLowerCase();
}
