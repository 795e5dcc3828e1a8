import type { Content } from "../../../reconcile/content/content.ts";
import type { RuleName } from "../../../rules/rules.ts";

/** The parts of a record that policies need, each with the hash by which the ledger knows it. */
export interface GivenRules {
  readonly userHash: string;
  readonly country: string | undefined;
  readonly zipCode: string | undefined;
  readonly rules: readonly { readonly name: RuleName; readonly hash: string; readonly body: unknown }[];
}

/** Takes that part of contents. Rules that many users have are kept once; each is a copy, because a source may use its objects again. */
export class GivenRulesReader {
  readonly #bodies = new Map<string, unknown>();

  read({ user, userHash, rules }: Content): GivenRules {
    return {
      userHash,
      country: textOf(user.address?.country?.code),
      zipCode: textOf(user.address?.zipCode),
      rules: rules.map(({ name, hash, toSend }) => ({ name, hash, body: this.#bodyOf(hash, toSend.body) })),
    };
  }

  #bodyOf(hash: string, body: unknown): unknown {
    const known = this.#bodies.get(hash) ?? JSON.parse(JSON.stringify(body));
    this.#bodies.set(hash, known);
    return known;
  }
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
