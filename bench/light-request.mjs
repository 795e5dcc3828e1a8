// The two light objects that let openapi-fetch run without the built-in Request and Response.

/** What `new Request` is used for, without what it costs. */
export class PlainRequest {
  /**
   * @param {string} url
   * @param {{ method: string, headers: Headers, body?: string }} init
   */
  constructor(url, init) {
    this.url = url;
    this.method = init.method;
    this.headers = init.headers;
    this.body = init.body;
  }
}

/** As much of a Response as openapi-fetch reads. */
export class NodeResponse {
  /** @param {import("./light-http.mjs").Answer} answer */
  constructor({ status, headers, text }) {
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.headers = { get: (/** @type {string} */ name) => headers[name.toLowerCase()] ?? null };
    this.text = async () => text;
    this.json = async () => JSON.parse(text);
  }
}
