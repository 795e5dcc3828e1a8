// Names are read from the source each time, and stored nowhere.

import type { OpleadConfig } from "oplead-sdk/config";
import type { RenderOptions, SourceUser } from "oplead-sdk/sync";
import { folded, Row } from "../../config/cells.ts";
import { EVERYTHING, openRecords } from "../../core/values.ts";
import type { Context } from "../command.ts";
import { say } from "../say.ts";
import { failureOf } from "../shell/failure.ts";

export class Names {
  readonly labels = new Map<string, string>();
  readonly segments = new Map<string, string>();
  readonly #config: OpleadConfig;
  readonly #columns: readonly string[];

  constructor(config: OpleadConfig) {
    this.#config = config;
    this.#columns = [config.labels ?? []].flat();
  }

  get isWanted(): boolean {
    return this.hasLabels || this.hasSegments;
  }

  get hasLabels(): boolean {
    return this.#columns.length > 0;
  }

  get hasSegments(): boolean {
    const { guard } = this.#config;
    return guard !== undefined && guard !== false && guard.segments !== undefined;
  }

  get forCsv(): Pick<RenderOptions, "labels" | "segments"> {
    return {
      labels: this.hasLabels ? this.labels : undefined,
      segments: this.hasSegments ? this.segments : undefined,
    };
  }

  named(user: string): string {
    const label = this.labels.get(user);
    return label === undefined ? user : `${user} · ${label}`;
  }

  get key(): OpleadConfig["key"] {
    const { key } = this.#config;
    if (!key || !this.isWanted) return key;
    return (record) => {
      const user = key(record);
      this.#learn(user, record);
      return user;
    };
  }

  get guard(): OpleadConfig["guard"] {
    const { guard } = this.#config;
    if (!guard || typeof guard.segments !== "function") return guard;
    const { segments } = guard;
    return {
      ...guard,
      segments: (user, rules) => {
        const segment = segments(user, rules);
        if (segment) this.segments.set(user.accountNumber ?? "", segment);
        return segment;
      },
    };
  }

  learn(record: unknown, user: SourceUser | null | undefined): void {
    const account = user?.user?.accountNumber ?? attempt(() => this.#config.key?.(record));
    this.#learn(account, record);
    const { guard } = this;
    const segments = guard ? guard.segments : undefined;
    if (user && typeof segments === "function") attempt(() => segments(user.user, user.rules ?? {}));
  }

  async read(context: Context): Promise<void> {
    if (this.isWanted) await this.#eachUser(context, () => {});
  }

  // Users of the source with this name, login, e-mail address, or number without its prefix.
  async find(asked: string, context: Context): Promise<string[]> {
    const words = folded(asked).split(" ");
    const found = new Set<string>();
    await this.#eachUser(context, ({ user }) => {
      const { accountNumber = "", login, email, firstname = "", lastname = "" } = user;
      const isExact = [login, email].some((text) => text !== undefined && folded(text) === folded(asked));
      const name = folded(`${firstname} ${lastname} ${this.labels.get(accountNumber) ?? ""}`).split(" ");
      if (isExact || words.every((word) => name.includes(word))) found.add(accountNumber);
    });
    return [...found];
  }

  async #eachUser({ interrupts, output }: Context, take: (user: SourceUser) => void): Promise<void> {
    const { source, map } = this.#config;
    if (source === undefined) return;
    try {
      const { records } = await openRecords(source, EVERYTHING);
      for await (const record of records) {
        interrupts.signal.throwIfAborted();
        const user = await mapped(() => map?.(record));
        this.learn(record, user);
        if (user) take(user);
      }
    } catch (error) {
      output.warn(say("names_unknown", { why: failureOf(error, interrupts.happened).said }));
    }
  }

  #learn(user: string | undefined, record: unknown): void {
    if (user === undefined) return;
    const row = new Row(record);
    const label = this.#columns.map((column) => row.text(column)).filter((text) => text !== "");
    if (label.length > 0) this.labels.set(user, label.join(", "));
    const { guard } = this.#config;
    const segment = guard && typeof guard.segments === "string" ? row.text(guard.segments) : "";
    if (segment !== "") this.segments.set(user, segment);
  }
}

// The call of `map` itself reports what is wrong with a record.
function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

async function mapped<T>(ask: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
