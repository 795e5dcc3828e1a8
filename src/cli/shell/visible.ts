/**
 * Characters that a terminal obeys instead of showing: controls (C0, DEL, C1) and the marks that change the direction of a
 * text. Tabs and the ends of lines stay.
 */
const OBEYED = /(?![\t\n]|\r\n)[\p{Cc}\p{Bidi_Control}]/gu;

/** A text whose parts may come from elsewhere, fit for a terminal. The form `\u001b` is the one of JSON, which stays valid. */
export function visible(text: string): string {
  return text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
