import type { Answer } from "./answers.ts";

/** More at once than this is a flood: what is beyond comes again. */
const MAX_PENDING = 1_000;
const MAX_UNCOLLECTED = 1_000;

interface Running {
  readonly answer: Promise<Answer>;
  waiting: number;
}

/**
 * Deliveries at work. One that takes too long goes on after its sender was told to come again; when it does come again,
 * it waits for the same work, or collects the result, and nothing is done twice.
 */
export class InFlight {
  readonly #running = new Map<string, Running>();
  /** Results that their senders have not heard of. */
  readonly #uncollected = new Map<string, Answer>();
  #pending = 0;

  /**
   * Does the task, or joins it where one with the same key runs. Without a key nothing tells a repetition from another
   * delivery of the same content, so each is done. `keepAlive` is given work that goes on after the answer.
   */
  async within(
    ms: number,
    key: string | undefined,
    task: () => Promise<Answer>,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<Answer | "late" | "full"> {
    const collected = key === undefined ? undefined : this.#collect(key);
    if (collected) return collected;
    const known = key === undefined ? undefined : this.#running.get(key);
    if (!known && this.#pending >= MAX_PENDING) return "full";
    const running = known ?? this.#start(key, task);
    running.waiting += 1;
    const answer = await earliest(running.answer, ms);
    running.waiting -= 1;
    if (answer === "late") keepAlive(running.answer);
    return answer;
  }

  #start(key: string | undefined, task: () => Promise<Answer>): Running {
    this.#pending += 1;
    const running: Running = { answer: task(), waiting: 0 };
    if (key !== undefined) this.#running.set(key, running);
    const settle = (answer?: Answer): void => {
      this.#pending -= 1;
      if (key === undefined) return;
      this.#running.delete(key);
      // A failure that passes is tried again by the next repetition, not told to it.
      if (running.waiting === 0 && answer && answer.status < 500) this.#keep(key, answer);
    };
    running.answer.then(settle, () => settle());
    return running;
  }

  #keep(key: string, answer: Answer): void {
    const [oldest] = this.#uncollected.keys();
    if (oldest !== undefined && this.#uncollected.size >= MAX_UNCOLLECTED) this.#uncollected.delete(oldest);
    this.#uncollected.set(key, answer);
  }

  #collect(key: string): Answer | undefined {
    const answer = this.#uncollected.get(key);
    this.#uncollected.delete(key);
    return answer;
  }
}

/** What a promise comes to, unless that takes too long. */
export async function earliest<T>(answer: Promise<T>, ms: number): Promise<T | "late"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, ms, "late");
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
