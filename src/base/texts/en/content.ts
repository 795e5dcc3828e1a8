/** Problems of a user of a source or an event, beside its fields. */
export const CONTENT = {
  not_version: () => "must be a number or text",
  unknown_key: ({ known, similar }: { readonly known: readonly string[]; readonly similar: string | undefined }) =>
    similar === undefined
      ? `is not known here: there are ${known.join(", ")}`
      : `is not known here; is "${similar}" meant?`,
  identifies_user: () => "is required: the ledger and Oplead identify the user by it",
  account_number_twice: () => "occurs twice",
  moved_twice: () =>
    "occurs twice: a number is old or new in one move only; if numbers are exchanged, move by way of numbers that nobody has",
  id_twice: () => "occurs twice, with different account numbers",
};
