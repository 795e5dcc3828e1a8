// Break out of a literal, a comment, a template or a script element, and call `ran`.
export const HOSTILE: readonly string[] = [
  "\u2028globalThis.ran?.();//",
  "\u2029globalThis.ran?.();//",
  "\nglobalThis.ran?.();//",
  "\r",
  "*/globalThis.ran?.();/*",
  "</script><script>globalThis.ran?.()</script>",
  "<!--",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands for the text of a careless or hostile person.
  "${globalThis.ran?.()}",
  "`;globalThis.ran?.();`",
  '"];globalThis.ran?.();["',
  "');globalThis.ran?.();('",
  "\\",
  '"',
  "'",
  "`",
  "\u202e",
  "\0",
  "\ud800",
  "é",
  " ",
];
