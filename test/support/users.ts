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

export async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of rest) await task(item);
    }),
  );
}
