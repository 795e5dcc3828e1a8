import type { ProfileType } from "../../rules/profile-types.ts";
import { codeListCoverage } from "./code-list.ts";

export const profileTypesCoverage = /* @__PURE__ */ codeListCoverage<"profileTypes">({
  axis: { codes: "profileTypes", field: "profileType", documented: ["pro", "single"] },
  codesOf: (types) => types,
  // Encoded from such a list.
  bodyOf: (types) => types as readonly ProfileType[],
});
