/**
 * A dealer as a source system would send it: what the benchmark upserts.
 * @param {string} accountNumber accounts that begin with NEW are unknown to the benchmark server
 */
export const sampleUser = (accountNumber) => ({
  civility: "mrs",
  firstname: "Hélène",
  lastname: "Le Goff",
  login: `dealer-${accountNumber.toLowerCase()}`,
  email: `dealer-${accountNumber.toLowerCase()}@example.com`,
  phone: "+33100000000",
  accountNumber,
  parentUserIdentifier: "REGION-OUEST",
  profile: { code: "DEALER" },
  address: { street: "12 rue de la République", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
});

/** @typedef {ReturnType<typeof sampleUser>} User */
