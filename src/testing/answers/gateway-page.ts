import type { FakeGatewayAnswer } from "../types/fault-answer.ts";
import { type Answer, retryAfterHeader } from "./answer.ts";

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Authorization Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Not Allowed",
  408: "Request Time-out",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};

/** What nginx answers in place of the server behind it. */
export function gatewayPage({ gateway: status, page = "html", retryAfter }: FakeGatewayAnswer): Answer {
  const headers = { server: "nginx", ...retryAfterHeader(retryAfter) };
  if (page === "empty" || status === 204 || status === 205 || status === 304) return { status, headers, body: "" };
  const title = `${status} ${reasons[status] ?? ""}`.trim();
  return {
    status,
    headers: { "content-type": "text/html", ...headers },
    body: [
      "<html>",
      `<head><title>${title}</title></head>`,
      "<body>",
      `<center><h1>${title}</h1></center>`,
      "<hr><center>nginx</center>",
      "</body>",
      "</html>",
      "",
    ].join("\r\n"),
  };
}
