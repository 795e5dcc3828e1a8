import type { CountryDetails } from "oplead-sdk";
import type { Locate } from "oplead-sdk/coverage";

/** Where French postcodes are. The table is loaded when a command needs it. */
export async function geography(): Promise<{ readonly locate: Locate; readonly countries: readonly CountryDetails[] }> {
  const { franceCountry, locate } = await import("oplead-sdk/coverage/france");
  return { locate, countries: [franceCountry()] };
}
