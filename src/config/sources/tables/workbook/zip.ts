import { setImmediate } from "node:timers/promises";
import { createInflateRaw } from "node:zlib";

export interface ZipPart {
  /** Its bytes, unpacked. */
  readonly size: number;
  /** Its bytes in pieces. Fails if they are damaged or not as many as the archive says. */
  readonly read: () => AsyncIterable<Buffer>;
}

const END = Buffer.from("PK\x05\x06", "latin1");
const [ENTRY, PART] = [0x02014b50, 0x04034b50];

/** The remainders of CRC-32, by byte. node:zlib has it from Node 20.15 on. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** As many bytes are read at a time as take a few milliseconds, also before the code is warm. */
const PIECE = 32_768;

/** The longest end of an archive: 22 bytes and a comment. */
const END_BYTES = 65_557;

/** The files of a ZIP archive in memory, by name. Throws where it is no whole archive; then the archive was cut or damaged. */
export function openZip(bytes: Buffer): ReadonlyMap<string, ZipPart> {
  const end = bytes.lastIndexOf(END);
  if (end < 0 || bytes.length - end > END_BYTES) throw new Error("no end of the archive");
  const count = bytes.readUInt16LE(end + 10);
  const parts = new Map<string, ZipPart>();
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry += 1) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error("no entry of the archive");
    const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
    const [sum, packed, size] = [16, 20, 24].map((field) => bytes.readUInt32LE(at + field)) as [number, number, number];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const place = bytes.readUInt32LE(at + 42);
    const isEncrypted = (flags & 1) === 1;
    const read = (): AsyncIterable<Buffer> => {
      if (isEncrypted || (method !== 0 && method !== 8)) throw new Error("not readable");
      return unpacked(packedBytes(bytes, place, packed), method === 8, size, sum);
    };
    parts.set(
      bytes
        .toString("utf8", at + 46, at + 46 + name)
        .replaceAll("\\", "/")
        .toLowerCase(),
      { size, read },
    );
    at += 46 + name + extra + comment;
  }
  return parts;
}

function packedBytes(bytes: Buffer, place: number, length: number): Buffer {
  if (bytes.readUInt32LE(place) !== PART) throw new Error("no part of the archive");
  const start = place + 30 + bytes.readUInt16LE(place + 26) + bytes.readUInt16LE(place + 28);
  if (start + length > bytes.length) throw new Error("a part is cut");
  return bytes.subarray(start, start + length);
}

async function* unpacked(packed: Buffer, isDeflated: boolean, size: number, sum: number): AsyncGenerator<Buffer> {
  let crc = 0xffffffff;
  let length = 0;
  for await (const piece of isDeflated ? createInflateRaw({ chunkSize: PIECE }).end(packed) : inPieces(packed)) {
    length += piece.length;
    // What says that it is small and is not would fill the memory.
    if (length > size) break;
    for (const byte of piece) crc = (crc >>> 8) ^ (CRC[(crc ^ byte) & 0xff] as number);
    yield piece;
  }
  if (length !== size || (crc ^ 0xffffffff) >>> 0 !== sum) throw new Error("a part was changed");
}

/** Stored content, which needs no inflating. The event loop gets a turn before each piece, as while inflating. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await setImmediate();
    yield bytes.subarray(at, at + PIECE);
  }
}
