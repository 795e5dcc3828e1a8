import { createOplead } from "oplead-sdk";

// Made when the module is loaded, as services do: before any test server listens.
// settleMs: fake.reset() removes users that this client has just created, and it would look for them for 10 seconds.
const oplead = createOplead({ token: "fake-token", retry: { baseMs: 1 }, settleMs: 50 });

/** What a company's service does when its HR system has a new employee. */
export async function syncUser({ id, name, zip }) {
  const { outcome } = await oplead.upsertUser({
    accountNumber: id,
    civility: "M.",
    lastname: name,
    login: id.toLowerCase(),
    email: `${id.toLowerCase()}@dealers.example`,
    address: { zipCode: zip, city: "Paris", country: { code: "FR" } },
    profile: { code: "PRF_NETWORK" },
  });
  return outcome;
}
