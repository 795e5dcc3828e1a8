/*
 * Text of others inside code that the package writes. A line separator ends a comment, and a page ends a script at `</script>`, wherever
 * it stands. All code that is made from texts goes through these two functions.
 */

/** Characters that end a line, hide one, or change the direction of writing. */
const SPECIAL = /[\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A value of JSON as a literal of JavaScript: the same value, wherever the literal stands. */
export function jsLiteral(value: unknown): string {
  return (
    JSON.stringify(value)
      .replace(SPECIAL, escaped)
      // These stand in texts and names alone, where an escape means the same.
      .replace(/[<`]|\$(?=\{)|\*(?=\/)/g, escaped)
  );
}

/** A comment of one line, whatever the text holds. */
export function jsComment(text: string): string {
  return `// ${text
    .replace(SPECIAL, escaped)
    .replaceAll("*/", "*\\/")
    .replace(/<(?=[/!])/g, "<\\")}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
