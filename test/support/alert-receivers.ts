import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { AlertMessage, AlertTarget } from "../../src/config/index.ts";
import { listen, serve } from "./servers.ts";

type Mood = number | "hang";

export interface Receiver {
  readonly target: AlertTarget;
  readonly accepted: string[];
  readonly asked: number;
  readonly moods: Mood[];
  mood: Mood | undefined;
}

type Kind = "slack" | "teams" | "json" | "heartbeat";

const SECRET = "T0KEN-OF-THE-HOOK";

export const secrets = [SECRET, "p4ssw0rd"];

export async function webReceiver(kind: Kind): Promise<Receiver> {
  const accepted: string[] = [];
  const moods: Mood[] = [];
  const server = await serve((response, { method, url, body, headers }) => {
    const mood = receiver.mood ?? moods.shift() ?? 200;
    if (mood === "hang") return;
    const isRight =
      kind === "heartbeat"
        ? method === "GET" && body.length === 0
        : method === "POST" && headers["content-type"] === "application/json" && isForm(kind, JSON.parse(String(body)));
    if (mood === 200 && isRight) accepted.push(kind === "heartbeat" ? url : String(body));
    // Slack says "ok", a workflow 202 without a body.
    response.writeHead(mood !== 200 ? mood : !isRight ? 400 : kind === "teams" ? 202 : 200).end("ok");
  });
  const address = `${server.url}/services/${SECRET}`;
  const receiver: Receiver = {
    target: kind === "heartbeat" ? { heartbeat: address } : { webhook: address, format: kind },
    accepted,
    moods,
    mood: undefined,
    get asked() {
      return server.seen.length;
    },
  };
  return receiver;
}

function isForm(kind: Kind, body: Record<string, unknown>): boolean {
  if (kind === "slack") {
    const [block] = body.blocks as { type: string; text: { type: string; text: string } }[];
    const texts = [body.text as string, block?.text.text ?? ""];
    return block?.text.type === "mrkdwn" && texts.every((text) => text.length > 0 && text.length <= 3000);
  }
  if (kind === "teams") {
    const [card] = body.attachments as { contentType: string; content: { type: string; body: unknown[] } }[];
    const isCard = card?.contentType === "application/vnd.microsoft.card.adaptive";
    return body.type === "message" && isCard && card.content.type === "AdaptiveCard" && card.content.body.length > 1;
  }
  return body.version === 1 && typeof body.title === "string";
}

export const messagesOf = ({ accepted }: Receiver): AlertMessage[] => accepted.map((body) => JSON.parse(body));

// Without TLS; the client must give a password.
export async function mailServer(): Promise<Receiver> {
  const accepted: string[] = [];
  const moods: Mood[] = [];
  const sockets = new Set<Socket>();
  let asked = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    asked += 1;
    const mood = receiver.mood ?? moods.shift() ?? 200;
    if (mood === "hang") return;
    let mail: string | undefined;
    let rest = "";
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    say("220 test ESMTP");
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8");
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (mail !== undefined) {
          if (line !== ".") mail += `${line}\n`;
          else {
            if (mood === 200) accepted.push(mail);
            mail = undefined;
            say(mood === 200 ? "250 taken" : "451 try again");
          }
        } else if (/^EHLO/i.test(line)) say("250-test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN");
        else if (/^DATA/i.test(line)) {
          mail = "";
          say("354 go on");
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else say(/^AUTH/i.test(line) ? "235 welcome" : "250 ok");
      }
    });
  });
  const port = await listen(server);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const smtp = `smtp://oplead:p4ssw0rd@127.0.0.1:${port}`;
  const receiver: Receiver = {
    target: { email: { to: ["ops@company.example", "it@company.example"], from: "oplead@company.example", smtp } },
    accepted,
    moods,
    mood: undefined,
    get asked() {
      return asked;
    },
  };
  return receiver;
}
