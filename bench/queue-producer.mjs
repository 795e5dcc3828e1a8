// The producer of queue.mjs in a process of its own.
import { answer } from "./lib/process.mjs";
import { each, producerOf } from "./queue.mjs";

/** @type {Map<string, ReturnType<typeof producerOf>>} */
const producers = new Map();

answer(async ({ kind, port, baseUrl, accounts }) => {
  const made = producers.get(kind) ?? producerOf(kind, port, baseUrl);
  producers.set(kind, made);
  const { enqueue } = await made;
  await each(accounts, enqueue);
  return {};
});
