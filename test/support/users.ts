import type { UserInput } from "../../src/index.ts";

export function user(number: number, more: Partial<UserInput> = {}): UserInput {
  return {
    civility: "Mme",
    lastname: `Martin-${number}`,
    login: `login-${number}`,
    email: `person-${number}@dealers.example`,
    accountNumber: `ACC-${number}`,
    address: { street: "1 rue de la Paix", zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
    profile: { code: "PRF_NETWORK" },
    ...more,
  };
}
