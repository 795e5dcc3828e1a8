export const messagesOf = (told: readonly { readonly message: string }[]): string[] =>
  told.map(({ message }) => message);
