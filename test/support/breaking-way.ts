import { connect, createServer, type Socket } from "node:net";
import { listen } from "./servers.ts";

// Can lose the answers to commands that it passes on, break off, or pass nothing, as a cut cable: without an error.
export async function breakingWay(port: number) {
  const open = new Set<[near: Socket, far: Socket]>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    open.add([near, far]);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
  });
  const breakOff = (): void => {
    for (const [near] of open) near.destroy();
    open.clear();
  };
  return {
    port: await listen(server),
    loseAnswers() {
      for (const [near, far] of open) far.unpipe(near).resume();
    },
    silence() {
      for (const socket of [...open].flat()) socket.unpipe().pause();
      open.clear();
    },
    breakOff,
    close() {
      server.close();
      breakOff();
    },
  };
}
