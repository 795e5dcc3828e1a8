/** The messages of warnings, findings or issues. */
export const messagesOf = (told: readonly { readonly message: string }[]): string[] =>
  told.map(({ message }) => message);
