import { describe, expect, it } from "vitest";
import { decode, encodingOf } from "../../../../src/config/sources/tables/decode.ts";

const PIECE = 4_194_304;

describe("encodingOf", () => {
  it.each([0, 1, 2, 3, 4])(
    "a character of several bytes may begin %d bytes before the end of a piece",
    async (before) => {
      for (const character of ["é", "工", "👍"]) {
        const text = `${"x".repeat(PIECE - before)}${character}y`;
        expect(await encodingOf(Buffer.from(text))).toBe("utf-8");
      }
    },
  );

  it("one byte that is not UTF-8 counts in every piece, also at its edges and at the end of the file", async () => {
    for (const at of [0, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 9]) {
      const bytes = Buffer.alloc(2 * PIECE + 10, "x");
      bytes[at] = 0xe9;
      expect(await encodingOf(bytes), `byte ${at}`).toBe("windows-1252");
    }
    expect(await encodingOf(Buffer.alloc(PIECE + 1, 0x92))).toBe("windows-1252");
    expect(await encodingOf(Buffer.from("é工👍").subarray(0, -1))).toBe("windows-1252");
  });

  it("an empty file is UTF-8, and a byte order mark tells UTF-16", async () => {
    expect(await encodingOf(Buffer.alloc(0))).toBe("utf-8");
    expect(await encodingOf(Buffer.from([0xff, 0xfe]))).toBe("utf-16le");
    expect(await encodingOf(Buffer.from([0xfe, 0xff]))).toBe("utf-16be");
  });

  it("does not keep the event loop for the whole of a large file", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    });
    await encodingOf(Buffer.alloc(40 * PIECE, "x"));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});

describe("decode", () => {
  it("gives the pieces of every encoding without its byte order mark", () => {
    const text = "Étoile € ".repeat(20_000);
    const marked = Buffer.from(`\ufeff${text}`, "utf16le");
    expect([...decode(marked, "utf-16le")].join("")).toBe(text);
    expect([...decode(Buffer.from(marked).swap16(), "utf-16be")].join("")).toBe(text);
    expect([...decode(Buffer.from(`\ufeff${text}`), "utf-8")].join("")).toBe(text);
    expect([...decode(Buffer.from([0x80, 0xe9, 0x92]), "windows-1252")].join("")).toBe("€é’");
  });
});
