import type { FetchAnswer } from "./options.ts";

// The largest known answer of Oplead, a country with all its postcodes, is far below 1 MiB.
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export class AnswerTooLarge extends Error {
  constructor() {
    super("the answer is too large");
  }
}

// A small compressed body may unpack to gigabytes, so it is read in pieces where the fetch gives a stream.
export async function readCapped(answer: FetchAnswer, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const { body, bodyUsed } = answer as { readonly body?: unknown; readonly bodyUsed?: boolean };
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of (bodyUsed ? undefined : piecesOf(body)) ?? [new Uint8Array(await answer.arrayBuffer())]) {
    length += piece.length;
    if (length > most) throw new AnswerTooLarge();
    pieces.push(piece);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function piecesOf(body: unknown): AsyncIterable<Uint8Array> | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  if ("getReader" in body) return read(body as ReadableStream<Uint8Array>);
  // node-fetch gives a stream of Node.
  return Symbol.asyncIterator in body ? (body as AsyncIterable<Uint8Array>) : undefined;
}

// Not every run time can iterate a web stream.
async function* read(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}
