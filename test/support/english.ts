const ENGLISH =
  /(?<![\p{L}\p{N}-])(?:the|is|are|was|were|must|has|have|not|of|with|and|its|it|to|from|for|this|that|which)(?![\p{L}\p{N}-])/iu;

// Quoted texts, brackets, code, flags and commands are the same in all languages.
export function englishLines(text: string): string[] {
  return text.split("\n").filter((line) => ENGLISH.test(withoutCode(line)));
}

function withoutCode(line: string): string {
  return line
    .replace(/«[^»]*»|"[^"]*"|`[^`]*`|\([^)]*\)|<[^>]*>|\[[^\]]*\]|\{[^}]*\}/g, "")
    .replace(/\b(?:npx )?oplead(?:-sdk)? [a-z]+(?: (?:--?[\w-]+|[a-z]+\.\w+|[A-Z]+|[a-z]+))*/g, "")
    .replace(/--?[a-z][\w-]*/g, "");
}
