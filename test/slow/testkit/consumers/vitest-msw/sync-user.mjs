import { createOplead } from "oplead-sdk";

const oplead = createOplead({ token: "fake-token", retry: { baseMs: 1 }, platform: { settleMs: 50 } });

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
