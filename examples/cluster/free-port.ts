import { createServer } from "node:net";

/**
 * Below the ports that Linux, macOS and Windows give to programs that ask for any port, and to connections. A port of theirs could be
 * taken by another program before the server is started, or while it is down.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

const given = new Set<number>();

/** A port of the loopback address on which nothing listens, for a server that is started later or starts again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (given.has(port) || !(await canListen(port))) continue;
    given.add(port);
    return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) => {
      // Windows refuses some ranges.
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
