import type { SourceUser } from "../../src/sync/index.ts";
import { createUserWebhook, type UserWebhook } from "../../src/webhook/index.ts";
import { ModelInbox } from "./inbox.ts";
import type { WorldProcess } from "./time.ts";
import type { World } from "./world.ts";

// Each pause of a sender is twice as long as the one before.
const ATTEMPTS = 7;
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 20_000;
const RESTART_MS = 20_000;

export class Events {
  readonly #world: World;
  #receiver: { readonly self: WorldProcess; webhook?: UserWebhook } | undefined;
  readonly #inbox: ModelInbox;
  readonly #workers = new Set<WorldProcess>();
  #areStopped = false;
  #count = 0;

  constructor(world: World) {
    this.#world = world;
    this.#inbox = new ModelInbox(world);
  }

  // `killAt`: killed at its event of that number, and started anew.
  start(name: string, killAt: number | undefined): void {
    const { time, trace } = this.#world;
    this.stop();
    const receiver: { self?: WorldProcess; webhook?: UserWebhook } = {};
    const { self, end } = time.start<void>(
      name,
      async (self) => {
        const oplead = this.#world.connect(self);
        const common = { verify: "none", map: (event: SourceUser) => event } as const;
        const { onOutcome } = this.#world.audit.file;
        receiver.webhook = this.#world.history.hasWorkers
          ? createUserWebhook(oplead, { ...common, queue: this.#inbox.queueOf(self, oplead) })
          : createUserWebhook(oplead, { ...common, ledger: this.#world.store.open(self), onOutcome });
        await new Promise(() => {});
      },
      { killAt, hasOrphans: true },
    );
    receiver.self = self;
    this.#receiver = receiver as { self: WorldProcess; webhook?: UserWebhook };
    trace.add(name, undefined, "starts");
    void end.then(async (ended) => {
      if (ended.was === "failed") throw ended.error;
      trace.add(name, undefined, "killed");
      if (this.#receiver?.self !== self) return;
      await time.sleep(RESTART_MS);
      if (this.#receiver?.self === self) this.start(`${name}b`, undefined);
    });
  }

  startWorker(name: string, killAt: number | undefined): void {
    const { time, trace } = this.#world;
    const { self, end } = time.start(name, async (self) => this.#inbox.work(self, this.#world.connect(self)), {
      killAt,
      hasOrphans: true,
    });
    this.#workers.add(self);
    trace.add(name, undefined, "starts");
    void end.then(async () => {
      trace.add(name, undefined, "killed");
      if (!this.#workers.delete(self)) return;
      await time.sleep(RESTART_MS);
      if (!this.#areStopped) this.startWorker(`${name}b`, undefined);
    });
  }

  stopAll(): void {
    this.#areStopped = true;
    this.stop();
    for (const self of [...this.#workers]) {
      this.#workers.delete(self);
      this.#world.time.kill(self);
    }
  }

  stop(): void {
    const { self } = this.#receiver ?? {};
    this.#receiver = undefined;
    if (self && !self.isDead) this.#world.time.kill(self);
  }

  async send(person: string, record: SourceUser): Promise<void> {
    const { time, trace } = this.#world;
    this.#count += 1;
    const id = `event${this.#count}`;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const status = await Promise.race([
        this.#deliver(id, person, record),
        time.sleep(PATIENCE_MS).then(() => "no answer"),
      ]);
      trace.add(id, person, `answered ${status}`);
      if (typeof status === "number" && status < 300) return;
      await time.sleep(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }

  // Never resolves if the receiver is killed.
  #deliver(id: string, person: string, record: SourceUser): Promise<number> {
    const { time, chance } = this.#world;
    const { self, webhook } = this.#receiver ?? {};
    const body = JSON.stringify(record);
    return new Promise((resolve) => {
      if (!self || !webhook) return;
      time.wake(self, chance.between(id, 5, 200), () => {
        if (!this.#world.history.hasWorkers) this.#world.noteTries(person);
        const headers = { "content-type": "application/json", "webhook-id": id };
        const request = new Request("https://receiver.example/", { method: "POST", headers, body });
        void webhook(request).then(({ status }) => {
          // The answer may get lost: the sender sends again.
          if (chance.next(id) < 0.9) time.wake(undefined, 10, () => resolve(status));
        });
      });
    });
  }
}
