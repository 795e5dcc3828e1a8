import { Recent } from "../base/recent.ts";
import { withLimit } from "../base/time/waits.ts";
import type { SenderAnswer } from "./sender-answer.ts";

/** More deliveries at once are a flood. The senders of those beyond are told to send them again. */
const MAX_PENDING = 1_000;
const MAX_UNCOLLECTED = 1_000;
/** Senders repeat earlier. After it a person may, who has corrected something. */
const UNCOLLECTED_MS = 3_600_000;

interface Running {
  readonly answer: Promise<SenderAnswer>;
  /** Requests that wait for the answer. */
  waiting: number;
}

/**
 * The deliveries that this process is working on. Work that takes too long goes on after its sender was told to send the
 * delivery again. When the delivery comes again, it joins that work or collects its result, so nothing is done twice.
 */
export class InFlight {
  readonly #running = new Map<string, Running>();
  /** Those that ended when no request waited for them any more. */
  readonly #uncollected = new Recent<Running>(performance, UNCOLLECTED_MS, MAX_UNCOLLECTED);
  #pending = 0;

  /**
   * Runs the task, or joins the running task with the same key. Without a key a repetition cannot be told from another
   * delivery with the same content, so every task runs. `keepAlive` is given work that goes on after the answer.
   */
  async within(
    ms: number,
    key: string | undefined,
    task: () => Promise<SenderAnswer>,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<SenderAnswer | "late" | "full"> {
    const found = key === undefined ? undefined : (this.#collect(key) ?? this.#running.get(key));
    if (!found && this.#pending >= MAX_PENDING) return "full";
    const running = found ?? this.#start(key, task);
    running.waiting += 1;
    const answer = await withLimit(running.answer, ms, () => "late" as const);
    running.waiting -= 1;
    if (answer === "late") keepAlive(running.answer);
    return answer;
  }

  #start(key: string | undefined, task: () => Promise<SenderAnswer>): Running {
    this.#pending += 1;
    const running: Running = { answer: task(), waiting: 0 };
    if (key !== undefined) this.#running.set(key, running);
    const end = (answer?: SenderAnswer): void => {
      this.#pending -= 1;
      if (key === undefined) return;
      this.#running.delete(key);
      // After a temporary failure the next repetition tries again, instead of being told about the old failure.
      if (running.waiting === 0 && answer && answer.status < 500) this.#uncollected.set(key, running);
    };
    running.answer.then(end, () => end());
    return running;
  }

  #collect(key: string): Running | undefined {
    const ended = this.#uncollected.get(key);
    this.#uncollected.delete(key);
    return ended;
  }
}
