import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { jsComment, jsLiteral } from "../../src/core/page.ts";
import { HOSTILE } from "../support/hostile-texts.ts";

const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...HOSTILE)).map((parts) => parts.join("")),
);

it("a literal evaluates to the value that it was made from, also inside a template", () => {
  const values = fc
    .jsonValue({ noUnicodeString: false })
    .filter((value) => !JSON.stringify(value).includes("__proto__"));
  fc.assert(
    fc.property(fc.oneof(texts, values), (value) => {
      const literal = jsLiteral(value);
      const made = JSON.stringify({ value });
      expect(JSON.stringify(runInNewContext(`({ value: ${literal} })`))).toBe(made);
      expect(JSON.stringify(runInNewContext(`({ value: JSON.parse(${jsLiteral(JSON.stringify(value))}) })`))).toBe(
        made,
      );
      const inTemplate = `\`\${JSON.stringify({ value: ${literal} })}\``;
      expect(runInNewContext(inTemplate)).toBe(made);
    }),
  );
});

it("a text in code cannot end a comment, a script element or a template, and a literal has no line break", () => {
  fc.assert(
    fc.property(texts, (text) => {
      for (const made of [jsLiteral(text), jsComment(text)]) {
        expect(made).not.toMatch(/[\n\r\u2028\u2029\u202e\0]|\*\/|<\/|<!--.*<script/u);
      }
      expect(jsLiteral(text)).not.toMatch(/`|\$\{|<!--/);
      const code = `${jsComment(text)}\nseen.push("after");`;
      const seen: string[] = [];
      runInNewContext(code, { seen, ran: () => seen.push("ran") });
      expect(seen).toEqual(["after"]);
    }),
  );
});

it("a literal keeps accents and other scripts readable", () => {
  expect(jsLiteral(["Prénom", "İstanbul", "😀", "R&D"])).toBe('["Prénom","İstanbul","😀","R&D"]');
  expect(jsComment("La colonne « Prénom » : 100 % d'été")).toBe("// La colonne « Prénom » : 100 % d'été");
});
