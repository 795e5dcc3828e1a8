import { serve } from "../../support/servers.ts";

interface Page {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export async function pages(answers: Readonly<Record<string, Page | readonly Page[]>>) {
  const requests: { url: string; authorization: string | undefined; body: string }[] = [];
  const { url } = await serve((response, { url, headers: { authorization }, body: sent }) => {
    const list = [answers[url] ?? { status: 404 }].flat() as Page[];
    const count = requests.filter((before) => before.url === url).length;
    requests.push({ url, authorization, body: sent.toString() });
    const { status = 200, headers = {}, body } = list[Math.min(count, list.length - 1)] ?? {};
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null));
  });
  return { url, requests };
}
