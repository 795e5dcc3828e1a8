import type { LedgerInfo } from "../../src/ledger/ledger.ts";
import {
  createLedger,
  type Lease,
  type Ledger,
  type LedgerEntry,
  type LedgerStore as Store,
} from "../../src/sync/index.ts";
import type { Chance } from "./chance.ts";
import { Protocol } from "./protocol.ts";
import type { VirtualTime, WorldProcess } from "./time.ts";

// `file`: one process has it open; `cas`: compare-and-set; `lease`: leases as well.
export type LedgerKind = "file" | "cas" | "lease";

const LEASE_MS = 30_000;

interface LeaseRecord {
  readonly holder: { readonly process: WorldProcess } | undefined;
  readonly until: number;
  // When an earlier lease ended without being given back.
  readonly lostAt: number | undefined;
}

// Outside of the processes: it stays when they are killed.
export class LedgerStore {
  readonly kind: LedgerKind;
  readonly protocol = new Protocol((name) => this.#read(name));
  // What the protocol does not allow, and for whom.
  readonly forbidden: { readonly accountNumber: string; readonly text: string }[] = [];
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  // As JSON, as real stores keep them.
  #entries = new Map<string, string>();
  #info: string | undefined;
  readonly #leases = new Map<string, LeaseRecord>();
  #openedBy: WorldProcess | undefined;

  constructor(kind: LedgerKind, time: VirtualTime, chance: Chance) {
    this.kind = kind;
    this.#time = time;
    this.#chance = chance;
  }

  get entries(): ReadonlyMap<string, LedgerEntry> {
    return new Map([...this.#entries].map(([name, entry]) => [name, JSON.parse(entry) as LedgerEntry]));
  }

  leasedBy(self: WorldProcess): string[] {
    return [...this.#leases].flatMap(([name, { holder }]) => (holder?.process === self ? [name] : []));
  }

  copy(): { readonly entries: ReadonlyMap<string, string>; readonly info: string | undefined } {
    return { entries: new Map(this.#entries), info: this.#info };
  }

  isOlder({ entries }: ReturnType<LedgerStore["copy"]>): boolean {
    return [...this.#entries].some(([name, entry]) => entries.get(name) !== entry);
  }

  restore({ entries, info }: ReturnType<LedgerStore["copy"]>): void {
    this.#entries = new Map(entries);
    this.#info = info;
  }

  static idIn({ entries }: ReturnType<LedgerStore["copy"]>, accountNumber: string): string | undefined {
    const entry = entries.get(accountNumber);
    return entry === undefined ? undefined : (JSON.parse(entry) as LedgerEntry).id;
  }

  static knownIn(copy: ReturnType<LedgerStore["copy"]>): string[] {
    return [...copy.entries.keys()].filter((number) => LedgerStore.idIn(copy, number) !== undefined);
  }

  open(self: WorldProcess): Ledger & { close(): Promise<void> } {
    const slow = (): number => 1 + Math.floor(this.#chance.next(`store ${self.name}`) * 4);
    const use = <T>(effect: () => T): Promise<T> =>
      this.#time.port(self, () => this.#locked(self, effect), slow(), slow());
    const revisionOf = (name: string): number => this.#read(name)?.revision ?? 0;
    const set = (name: string, entry: LedgerEntry): void => {
      if (!name.startsWith(" ")) this.check(name, this.protocol.wrote(self.name, name, this.#read(name), entry));
      this.#entries.set(name, JSON.stringify(entry));
    };
    const all = (): [string, string][] => [...this.#entries];
    const { kind } = this;
    const close = async (): Promise<void> => {
      if (this.#openedBy === self) this.#openedBy = undefined;
    };
    self.atEnd.push(() => void close());
    const store: Store = {
      get: (name) => use(() => this.#read(name)),
      async *entries() {
        for (const [name, entry] of await use(all)) yield [name, JSON.parse(entry) as LedgerEntry] as const;
      },
      replace: (name, expected, entry) =>
        use(() => {
          if (revisionOf(name) !== expected) return false;
          set(name, entry);
          return true;
        }),
      replaceBoth: (...both) =>
        use(() => {
          if (both.some(([name, expected]) => revisionOf(name) !== expected)) return false;
          for (const [name, , entry] of both) set(name, entry);
          return true;
        }),
      getInfo: () => use(() => (this.#info === undefined ? undefined : (JSON.parse(this.#info) as LedgerInfo))),
      setInfo: (facts) =>
        use(() => {
          this.#info = JSON.stringify({ ...(this.#info === undefined ? {} : JSON.parse(this.#info)), ...facts });
        }),
      ...(kind === "lease" && { lease: (name, signal) => this.#lease(self, name, signal) }),
      close,
    };
    return createLedger(store, { ledgerKey: "the key of the world, which no one else has" });
  }

  #read(name: string): LedgerEntry | undefined {
    const text = this.#entries.get(name);
    return text === undefined ? undefined : (JSON.parse(text) as LedgerEntry);
  }

  check(accountNumber: string, text: string | undefined): void {
    if (text !== undefined) this.forbidden.push({ accountNumber, text });
  }

  #locked<T>(self: WorldProcess, effect: () => T): T {
    if (this.kind === "file") {
      if (self.isDead) throw new Error("the process is gone");
      this.#openedBy ??= self;
      if (this.#openedBy !== self) throw new Error("another process has the ledger open");
    }
    return effect();
  }

  async #lease(self: WorldProcess, name: string, signal: AbortSignal): Promise<Lease> {
    const time = this.#time;
    const holder = { process: self };
    const hop = (): number => 1 + Math.floor(this.#chance.next(`lease ${self.name}`) * 4);
    const isMine = (): boolean => this.#leases.get(name)?.holder === holder;
    // How long ago an earlier lease ended that was not given back; undefined: another process has the lease.
    const take = (): { readonly abandonedMsAgo: number | undefined } | undefined => {
      const found = this.#leases.get(name);
      const isOthers = found?.holder !== undefined && found.holder !== holder;
      if (isOthers && found.until > time.now) return undefined;
      const lostAt = isOthers ? found.until : found?.lostAt;
      this.#leases.set(name, { holder, until: time.now + LEASE_MS, lostAt });
      return { abandonedMsAgo: lostAt === undefined ? undefined : time.now - lostAt };
    };
    let since: number;
    let taken: ReturnType<typeof take>;
    for (;;) {
      signal.throwIfAborted();
      since = time.now;
      taken = await time.port(self, take, hop(), hop());
      if (taken) break;
      await new Promise<void>((resolve) => void time.wake(self, 50 + 10 * hop(), resolve));
    }
    const renew = async (): Promise<void> => {
      const before = time.now;
      const isLasting = (): boolean => isMine() && (this.#leases.get(name)?.until ?? 0) > time.now;
      const isRenewed = await time.port(self, () => isLasting() && take() !== undefined, hop(), hop());
      since = isRenewed ? before : Number.NEGATIVE_INFINITY;
    };
    let isOver = false;
    const again = (): void => {
      time.wake(self, LEASE_MS / 3, () => {
        if (isOver) return;
        void renew();
        again();
      });
    };
    again();
    return {
      ...taken,
      left: () => LEASE_MS - (time.now - since),
      release: async () => {
        isOver = true;
        await time.port(
          self,
          () => {
            const found = this.#leases.get(name);
            if (found?.holder === holder) this.#leases.set(name, { holder: undefined, until: 0, lostAt: found.lostAt });
          },
          hop(),
          hop(),
        );
      },
    };
  }
}
