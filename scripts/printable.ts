/*
 * Text from a document or page, made safe to print. In a terminal, control characters can hide lines, change colours and
 * titles, or paste commands; characters that change the direction of writing can make a line read as another one.
 */

/** One line of text: control and direction characters, line breaks included, appear as `\u001b`. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, escaped);
}

/** The same for text of several lines, whose line feeds stay. */
export function printable(text: string): string {
  return text.split("\n").map(oneLine).join("\n");
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
