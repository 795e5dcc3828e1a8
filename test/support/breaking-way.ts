import { type AddressInfo, connect, createServer, type Socket } from "node:net";

// Can pass commands on and lose their answers, and then break off.
export async function breakingWay(port: number) {
  const open = new Set<[near: Socket, far: Socket]>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    open.add([near, far]);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const breakOff = (): void => {
    for (const [near] of open) near.destroy();
    open.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    loseAnswers() {
      for (const [near, far] of open) far.unpipe(near).resume();
    },
    breakOff,
    close() {
      server.close();
      breakOff();
    },
  };
}
