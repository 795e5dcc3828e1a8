/** Problems of a user of a source or an event, beside its fields. */
export const CONTENT = {
  not_version: () => "must be a number or text",
  identifies_user: () => "is required: the ledger and Oplead identify the user by it",
  account_number_twice: () => "occurs twice",
  id_twice: () => "occurs twice, with different account numbers",
};
