import { type Answer, errorBody, json, type Outcome, retryAfterHeader } from "../api/answer.ts";
import type { FakeFaultAnswer, FakeGatewayAnswer, FakeStatusAnswer } from "../types/fault.ts";

/** The answer after a fault. The answer is undefined if the fake did not look at the call. */
export function faultAnswer(as: FakeFaultAnswer, answer: Answer | undefined): Outcome {
  switch (as) {
    case "reset":
    case "hang": // A hang that ends, ends as a broken connection.
      return "reset";
    case "empty-500":
      return { status: 500, headers: {}, body: "" };
    case "html-200":
      return { status: 200, headers: { "content-type": "text/html" }, body: htmlPage };
    case "truncated-json": {
      const whole = answer ?? example;
      return { ...whole, body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) };
    }
    case "normal":
      return answer ?? example;
    default:
      return "gateway" in as ? gatewayPage(as) : statusAnswer(as);
  }
}

const example = json(200, { id: "100001", accountNumber: "ACC-1" });

/** Statuses that HTTP allows no body. */
const bodiless = new Set([204, 205, 304]);

function statusAnswer({ status, retryAfter, body, headers = {} }: FakeStatusAnswer): Answer {
  const given = retryAfterHeader(retryAfter);
  for (const [name, value] of Object.entries(headers)) given[name.toLowerCase()] = value;
  const sent = body === undefined ? (status >= 400 ? errorBody(status) : "") : body;
  if (sent === "" || bodiless.has(status)) return { status, headers: given, body: "" };
  if (typeof sent !== "string") return json(status, sent, given);
  return { status, headers: { "content-type": "text/plain", ...given }, body: sent };
}

const htmlPage = "<!doctype html><title>Maintenance</title><p>We will be back soon.</p>";

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

/** The page that nginx sends in place of the server behind it. */
function gatewayPage({ gateway: status, page = "html", retryAfter }: FakeGatewayAnswer): Answer {
  const headers = { server: "nginx", ...retryAfterHeader(retryAfter) };
  if (page === "empty" || bodiless.has(status)) return { status, headers, body: "" };
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
