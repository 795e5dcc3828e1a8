export const USER = {
  not_user: () => "must be an object: { civility, lastname, login, email, address, profile, … }",
  not_address: () => "must be an object: { zipCode, city, country: { code } }",
  not_country: () => 'must be an object: { code: "FR" }',
  not_profile: () => 'must be an object: { code: "…" }',
  not_email: () => "is not an e-mail address",
  zip_code_lost_zero: () => "postcodes are text: a leading zero was probably lost. Read the column as text",
  padded_identifier: () => "has white space around it, and would be another identifier with it",
  not_identifier: () => "cannot be an identifier",
  not_parent: () => "must be the parent's Oplead ID or accountNumber, as text without white space",
  digits_only: () =>
    'must not be digits only, which may be the Oplead ID of another user: give it a prefix ("HR-…"), or ' +
    "set numericAccountNumbers if no ID looks like that",
  similar_field: ({ similar }: { readonly similar: string }) =>
    `is not a field that Oplead is known to have; "${similar}" is one. Correct it, or list it in customFields`,
  unknown_field: () => "is not a known field, and is not listed in customFields",
  not_custom: () => "is a field beside custom too, or one that has its own place there",
  null_field: () =>
    "must not be null: leave the field out, or give an empty text. Oplead documents neither what it does with an empty text nor " +
    "another way to clear a field",
  needs_account_number: () =>
    "is required when there is no id: without either, a second run would create the user a second time",
};
