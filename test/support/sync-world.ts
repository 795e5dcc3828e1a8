import { afterEach, beforeEach } from "vitest";
import type { OpleadOptions, UserInput } from "../../src/index.ts";
import {
  type Ledger,
  memoryLedger,
  planSync,
  type SourceUser,
  type SyncOptions,
  type SyncPlan,
  type SyncReport,
  syncUsers,
} from "../../src/sync/index.ts";
import type { FakeOpleadOptions } from "../../src/testing/index.ts";
import { openWorld, type World } from "./sync-users.ts";

export * from "./sync-users.ts";

type Start<Result> = <Item = UserInput>(
  source: SyncOptions<Item>["source"],
  more?: Partial<SyncOptions<Item>>,
  client?: OpleadOptions,
) => Promise<Result>;

export interface SyncWorld {
  readonly world: World;
  ledger: Ledger;
  plan: Start<SyncPlan>;
  sync: Start<SyncReport>;
}

export function eachTestItsWorld(options: FakeOpleadOptions = {}): SyncWorld {
  let world: World;
  let ledger: Ledger;
  beforeEach(async () => {
    world = await openWorld(options);
    ledger = memoryLedger();
  });
  afterEach(() => world.close());

  const map = (user: unknown) => ({ user }) as SourceUser;
  return {
    get world() {
      return world;
    },
    get ledger() {
      return ledger;
    },
    set ledger(other) {
      ledger = other;
    },
    plan: (source, more, client) => planSync(world.connect(client), { source, map, ledger, ...more }),
    sync: (source, more, client) => syncUsers(world.connect(client), { source, map, ledger, ...more }),
  };
}

export const creationOf =
  (accountNumber: string) =>
  (request: { readonly method: string; readonly body: unknown }): boolean =>
    request.method === "POST" && (request.body as UserInput).accountNumber === accountNumber;
