import type { CountryDetails } from "oplead-sdk";
import type { Locate } from "oplead-sdk/coverage";
import type { SourceUser } from "oplead-sdk/sync";
import type { Session } from "../session/session.ts";
import type { Context } from "../shell/context.ts";
import { countriesOf } from "./countries.ts";

/** What the coverage is computed over. */
export interface Geography {
  readonly locate: Locate;
  readonly countries: readonly CountryDetails[];
}

/**
 * Where postcodes are. France comes with the package and is loaded when a command needs it; `online` reads the countries that
 * the rules name from Oplead, as the platform has them.
 */
export async function geography(
  session: Session,
  { output, interrupts }: Context,
  users: readonly Pick<SourceUser, "rules">[],
  online: boolean,
): Promise<Geography> {
  const { franceCountry, locate } = await import("oplead-sdk/coverage/france");
  const codes = countriesOf(users).add("FR");
  if (online) {
    const { signal } = interrupts;
    const countries = await Promise.all([...codes].map((code) => session.oplead.getCountry(code, { signal })));
    return { locate, countries };
  }
  const others = [...codes].filter((code) => code !== "FR");
  if (others.length > 0) {
    output.warn(
      `Rules name ${others.join(", ")}, and only France is known here: --online reads countries from Oplead.`,
    );
  }
  return { locate, countries: [franceCountry()] };
}
