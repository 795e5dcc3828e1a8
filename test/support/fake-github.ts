import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

// Begins with a reader's comment that starts like the action's.
export async function fakeGitHub() {
  const comments: { id: number; url: string; body: string; user: { type: string } }[] = [
    { id: 0, url: "", body: "<!-- oplead-plan staging --> quoted by a reader", user: { type: "User" } },
  ];
  const calls: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "" } = request;
      calls.push(method);
      const { body = "" } = text === "" ? {} : (JSON.parse(text) as { body: string });
      const known = comments.find(({ id }) => url === `/comments/${id}`);
      if (known) known.body = body;
      else if (method === "POST") {
        const id = comments.length;
        comments.push({ id, url: `${base}/comments/${id}`, body, user: { type: "Bot" } });
      }
      response.end(JSON.stringify(method === "GET" ? comments : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
  });
  return {
    url: base,
    calls,
    get comments() {
      return comments.slice(1);
    },
  };
}
