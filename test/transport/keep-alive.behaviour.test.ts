import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { connect, serveBytes, ways } from "../support/servers.ts";
import { user } from "../support/users.ts";

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"id":"1"}';
const loginOf = (text: string) => /"login":"([^"]+)"/.exec(text)?.[1] ?? "none";

describe.each(ways)("with requests sent through %s", (_name, way) => {
  it("a POST on a kept connection that breaks is sent once, and its outcome is unknown", async () => {
    const served = new WeakSet<Socket>();
    const arrived: string[] = [];
    const server = await serveBytes((socket, _nth, text) => {
      arrived.push(loginOf(text));
      if (served.has(socket)) return void socket.resetAndDestroy();
      served.add(socket);
      return void socket.write(OK.replace("200 OK", "201 Created"));
    });
    const oplead = connect(server.url, way);
    let unknown = 0;
    for (let i = 0; i < 12; i += 1) {
      await oplead.createUser(user(i)).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "ambiguous_creation", requests: 1 });
        unknown += 1;
      });
    }
    expect(unknown).toBeGreaterThan(3);
    expect(arrived).toEqual(Array.from({ length: 12 }, (_, i) => `login-${i}`));
  });
});

it("through node:http, many dead connections in the pool cost a call one attempt, not all of them", async () => {
  // A load balancer that forgets idle connections: it resets one only when the next request comes.
  const served = new Map<Socket, number>();
  const server = await serveBytes((socket) => {
    const count = (served.get(socket) ?? 0) + 1;
    served.set(socket, count);
    if (count > 1) socket.resetAndDestroy();
    else setTimeout(() => socket.write(OK), 20);
  });
  const oplead = connect(server.url, { maxConcurrency: 8 });
  await Promise.all(Array.from({ length: 8 }, (_, i) => oplead.updateUser(String(i), user(i))));
  expect(served.size).toBe(8);
  expect(await oplead.updateUser("9", user(9))).toMatchObject({ requests: 2 });
});
