import { codeListCoverage } from "./code-list.ts";

export const contactProfilesCoverage = /* @__PURE__ */ codeListCoverage<"contactProfiles">({
  axis: { codes: "contactProfiles", field: "contactProfile" },
  codesOf: (body) => body.map(({ code }) => code),
  bodyOf: (codes) => codes.map((code) => ({ code })),
});
