// What CONTRIBUTING says of commits: `area: imperative`, at most 72 characters.
export default {
  parserPreset: { parserOpts: { headerPattern: /^([\w./-]+): (.+)$/, headerCorrespondence: ["type", "subject"] } },
  rules: {
    "header-max-length": [2, "always", 72],
    "type-empty": [2, "never"],
    "subject-empty": [2, "never"],
    "subject-full-stop": [2, "never", "."],
  },
};
