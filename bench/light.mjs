// The cheapest way to send a request: bare node:http.
import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true });

/**
 * @typedef {{ method: string, headers: Record<string, string>, body?: string }} Init
 * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, text: string }} Answer
 */

/**
 * @param {string} url
 * @param {Init} init
 * @returns {Promise<Answer>}
 */
export function send(url, { method, headers, body = "" }) {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body);
    const sent = request(url, { method, agent, headers: { ...headers, "content-length": length } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
