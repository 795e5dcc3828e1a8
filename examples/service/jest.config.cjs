/** Runs what `npm run build` made of test/jest: CommonJS, without any transformation. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/dist/test/jest/**/*.test.cjs"],
  moduleFileExtensions: ["js", "cjs", "json", "node"],
  transform: {},
};
