/** An answer with this status, as Oplead might send it. */
export interface FakeStatusAnswer {
  /** 200 to 599. */
  readonly status: number;
  /** The `Retry-After` header: seconds (0 is allowed), or a text that is sent as it is, such as an HTTP date. Default: no header. */
  readonly retryAfter?: number | string;
  /**
   * A text is sent as it is, with the type `text/plain`. Anything else is sent as JSON, `null` included. Default: an error body
   * as Oplead's are assumed to be from status 400 on, no body below that.
   */
  readonly body?: unknown;
  /** Further headers. They win over the fake's own, `content-type` included. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that does not come from Oplead, but from a gateway or proxy (nginx) before it. */
export interface FakeGatewayAnswer {
  /** The status of the page, 200 to 599. */
  readonly gateway: number;
  /** `"html"` is nginx's page for the status, `"empty"` has no body and no content type. Default: `"html"`. */
  readonly page?: "html" | "empty";
  /** The `Retry-After` header, as in {@link FakeStatusAnswer}. Default: no header. */
  readonly retryAfter?: number | string;
}

/**
 * How a call fails, in the client's eyes:
 *
 * - `{ status }`: an answer with this status. `{ status: 200, body: "" }` (or `null`, `[]`, a text) is a success that says nothing;
 * - `{ gateway: 404 }`: nginx's HTML page (or `page: "empty"`), with `server: nginx` and without Oplead's request id;
 * - `"reset"`: the connection breaks without an answer;
 * - `"hang"`: no answer comes, until the client gives up or the listener closes;
 * - `"empty-500"`: a 500 without a body;
 * - `"html-200"`: a 200 that is an HTML page, such as a login screen;
 * - `"truncated-json"`: JSON that stops in the middle. If the fake acted first, it is the true answer cut in half, with
 *   its status; otherwise a 200;
 * - `"normal"`: the answer that the call gets without a fault. Use it with `when: { lateMs }`.
 */
export type FakeFaultAnswer =
  | FakeStatusAnswer
  | FakeGatewayAnswer
  | "reset"
  | "hang"
  | "empty-500"
  | "html-200"
  | "truncated-json"
  | "normal";
