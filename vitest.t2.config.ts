import fast from "./vitest.config.ts";
export default { ...fast, test: { ...fast.test, experimental: { fsModuleCache: true } } };
