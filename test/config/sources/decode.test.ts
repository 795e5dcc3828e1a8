import fc from "fast-check";
import { expect, it } from "vitest";
import { encodingOf, type TextEncoding, textOf } from "../../../src/config/sources/decode.ts";
import { sized } from "../../support/long-form.ts";

const PIECE = 4_194_304;

it.each([0, 1, 2, 3, 4])(
  "a character of several bytes may begin %d bytes before the end of a piece of the file",
  async (before) => {
    for (const character of ["é", "工", "👍"]) {
      const text = `${"x".repeat(PIECE - before)}${character}y`;
      expect(await encodingOf(Buffer.from(text))).toBe("utf-8");
    }
  },
);

it("a file with a byte that is not UTF-8, and hardly any UTF-8 accents, is read as Windows-1252", async () => {
  for (const at of [0, PIECE - 1, PIECE]) {
    const bytes = Buffer.alloc(PIECE + 10, "x");
    bytes[at] = 0xe9;
    expect(await encodingOf(bytes), `byte ${at}`).toBe("windows-1252");
  }
  expect(await encodingOf(Buffer.alloc(PIECE + 1, 0x92))).toBe("windows-1252");
  // Twelve accents, and two bytes that happen to form a character of UTF-8.
  expect(await encodingOf(Buffer.from(`${"\xe9 ".repeat(12)}CAF\xc9\xa0`, "latin1"))).toBe("windows-1252");
});

it("a UTF-8 text with a few wrong bytes counts as UTF-8", async () => {
  expect(await encodingOf(Buffer.from("é工👍").subarray(0, -1))).toBe("utf-8");
  const bytes = Buffer.concat([Buffer.from("é".repeat(3)), Buffer.from([0xe9]), Buffer.alloc(2 * PIECE, "x")]);
  expect(await encodingOf(bytes)).toBe("utf-8");
});

it("a text is not read as UTF-16 if it has zero bytes at both even and odd places", async () => {
  expect(await encodingOf(Buffer.concat([Buffer.from("a;b\n1;2\n"), Buffer.alloc(600)]))).toBe("utf-8");
  expect(await encodingOf(Buffer.from("ref;name\n", "utf16le"))).toBe("utf-16le");
});

it("an empty file is UTF-8, and a byte order mark shows UTF-16", async () => {
  expect(await encodingOf(Buffer.alloc(0))).toBe("utf-8");
  expect(await encodingOf(Buffer.from([0xff, 0xfe]))).toBe("utf-16le");
  expect(await encodingOf(Buffer.from([0xfe, 0xff]))).toBe("utf-16be");
});

const read = async (bytes: Buffer, encoding?: TextEncoding) => [...(await textOf(bytes, "a.csv", encoding))].join("");

const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252", undefined] as const;

it("textOf reads a text in any encoding, piece by piece, and leaves out the byte order mark", async () => {
  const text = "Étoile € ".repeat(20_000);
  const marked = Buffer.from(`\ufeff${text}`, "utf16le");
  expect(await read(marked, "utf-16le")).toBe(text);
  expect(await read(Buffer.from(marked).swap16(), "utf-16be")).toBe(text);
  expect(await read(Buffer.from(`\ufeff${text}`), "utf-8")).toBe(text);
  expect(await read(Buffer.from([0x80, 0xe9, 0x92]), "windows-1252")).toBe("€é’");
});

it("a single wrong byte in a UTF-8 text with accents is refused with its line and column", async () => {
  const line = fc.string({ unit: fc.constantFrom("é", "à", "œ", "👍", "a", ";", " "), minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(0xe9, 0xff, 0x80, 0xc0, 0x00),
      async (lines, lineEnd, row, place, byte) => {
        const texts = ["é".repeat(5), ...lines];
        const at = row % texts.length;
        const characters = [...(texts[at] ?? "")];
        const column = place % (characters.length + 1);
        const before = [...texts.slice(0, at), characters.slice(0, column).join("")].join(lineEnd);
        const after = [characters.slice(column).join(""), ...texts.slice(at + 1)].join(lineEnd);
        const bytes = Buffer.concat([Buffer.from(before), Buffer.from([byte]), Buffer.from(`x${after}`)]);
        for (const encoding of ["utf-8", undefined] as const)
          await expect(read(bytes, encoding)).rejects.toMatchObject({
            code: "source_failed",
            message: expect.stringMatching(new RegExp(`^a\\.csv: line ${at + 1}, column ${column + 1}: `)),
            issues: [{ code: byte === 0 ? "zero_bytes" : "strange_byte" }],
          });
      },
    ),
    { numRuns: sized(60, 400) },
  );
});

it("textOf refuses bytes, or reads text without replacement characters and zero characters", async () => {
  const some = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(
        fc.oneof(
          fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
          fc.uint8Array({ maxLength: 2 }),
        ),
      )
      .map((parts) => Buffer.concat(parts)),
  );
  await fc.assert(
    fc.asyncProperty(some, fc.constantFrom(...ENCODINGS), async (bytes, encoding) => {
      const text = await read(bytes, encoding).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "source_failed", issues: [{ path: "a.csv" }] });
        return "";
      });
      expect(text).not.toContain("\0");
      const own = encoding?.startsWith("utf-16") || bytes.includes("\ufffd");
      if (!own && !bytes.subarray(0, 2).includes(0xfe)) expect(text).not.toContain("\ufffd");
    }),
    { numRuns: sized(300, 2_000) },
  );
});

it("half a surrogate pair, and half a unit at the end, are refused in UTF-16 with their place", async () => {
  const half = Buffer.from("é\nab\ud83d;", "utf16le");
  await expect(read(half, "utf-16le")).rejects.toThrow("line 2, column 3: ");
  await expect(read(half.swap16(), "utf-16be")).rejects.toThrow("line 2, column 3: ");
  const cut = Buffer.concat([Buffer.from("\ufeffab👍\nc", "utf16le"), Buffer.from([0x41])]);
  await expect(read(cut)).rejects.toThrow("line 2, column 2: ");
});

it("a file that ends in zero bytes is refused in every encoding, with a retryable error", async () => {
  for (const size of [3, 40, 600, 5_000]) {
    for (const encoding of ENCODINGS) {
      const bytes = Buffer.concat([Buffer.from("ref;name\nA-1;Petit\n"), Buffer.alloc(size)]);
      await expect(read(bytes, encoding)).rejects.toMatchObject({
        message: expect.stringContaining("a.csv: line 3, column 1: zero bytes"),
        retryable: true,
      });
    }
  }
});
