/** English words that are not French words too. */
const ENGLISH =
  /(?<![\p{L}\p{N}-])(?:the|is|are|was|were|must|has|have|not|of|with|and|its|it|to|from|for|this|that|which)(?![\p{L}\p{N}-])/iu;

/**
 * The lines that read like English. Quoted texts, texts in brackets, code, flags and commands do not count, because
 * they are the same in all languages.
 */
export function englishLines(text: string): string[] {
  return text.split("\n").filter((line) => ENGLISH.test(withoutCode(line)));
}

function withoutCode(line: string): string {
  return line
    .replace(/«[^»]*»|"[^"]*"|`[^`]*`|\([^)]*\)|<[^>]*>|\[[^\]]*\]|\{[^}]*\}/g, "")
    .replace(/\b(?:npx )?oplead [a-z]+(?: (?:--?[\w-]+|[a-z]+\.\w+|[A-Z]+|[a-z]+))*/g, "")
    .replace(/--?[a-z][\w-]*/g, "");
}
