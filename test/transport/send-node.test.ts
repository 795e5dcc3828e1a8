import { describe, expect, it } from "vitest";
import { sendWithFetch, defaultSend as throughFetch } from "../../src/transport/send-fetch.ts";
import { defaultSend as throughHttp } from "../../src/transport/send-node.ts";
import type { Send, WireRequest } from "../../src/transport/wire.ts";
import { json, serve, unusedPort } from "../support/servers.ts";

const request = (url: string, more: Partial<WireRequest> = {}) => {
  return { method: "GET", url, headers: {}, body: undefined, binary: false, ...more };
};

const ways: [name: string, send: Send][] = [
  ["node:http", throughHttp],
  ["fetch", throughFetch],
];

describe.each(ways)("with requests sent through %s", (_name, send) => {
  it("giving up a request after its answer has come does not end the next request", async () => {
    const server = await serve((response) => json(response));
    const first = send(request(`${server.url}/1`));
    await first.answer;
    const second = send(request(`${server.url}/2`));
    first.cancel();
    expect(await second.answer).toMatchObject({ status: 200 });
    expect(server.seen).toHaveLength(2);
  });
});

it("ten requests in a row share an abort signal on Node, but none after an abort", async () => {
  const server = await serve((response) => json(response));
  const signals: unknown[] = [];
  const send = sendWithFetch(() => (url, init) => {
    signals.push(init.signal);
    return fetch(url, init);
  });
  for (let number = 0; number < 20; number += 1) await send(request(`${server.url}/`)).answer;
  expect(signals.map((signal) => signals.indexOf(signal))).toEqual([...Array(10).fill(0), ...Array(10).fill(10)]);
  const given = send(request(`${server.url}/`));
  given.cancel();
  await given.answer.catch(() => {});
  expect(await send(request(`${server.url}/`)).answer).toMatchObject({ status: 200 });
  expect(signals.map((signal) => (signal as AbortSignal).aborted).slice(-2)).toEqual([true, false]);
});

it("a connection that fails at once does not close the idle connections to other servers", async () => {
  const server = await serve((response) => json(response));
  await throughHttp(request(`${server.url}/`)).answer;
  const closed = throughHttp(request(`http://127.0.0.1:${await unusedPort()}/`)).answer;
  await expect(closed).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await throughHttp(request(`${server.url}/`)).answer;
  expect(new Set(server.seen.map(({ socket }) => socket)).size).toBe(1);
});

it("an answer of 64 MiB, the most that is taken, arrives whole", async () => {
  const most = 64 * 2 ** 20;
  const server = await serve((response) => void response.end(Buffer.alloc(most)));
  const { bytes } = await throughHttp(request(`${server.url}/`, { binary: true })).answer;
  expect(bytes).toHaveLength(most);
});
