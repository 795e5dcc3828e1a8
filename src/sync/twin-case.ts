import type { Language } from "./language.ts";
import { who } from "./text.ts";
import type { TwinUser } from "./types/records.ts";

/** Why a twin is not sent, and the line or the command for each answer. */
export function twinCase(twin: TwinUser, { reasons, words }: Pick<Language, "reasons" | "words">) {
  const { by, inSource } = twin;
  const [accountNumber, of] = [who(twin.accountNumber), who(twin.of)];
  return {
    code: "possible_twin",
    reason: reasons.possible_twin({ of, by }),
    advice: words.twin_advice({ accountNumber, of, inSource }),
  } as const;
}
