/**
 * Facts with methods. These are not enumerable, so printing shows facts only: what `show` gives, to which `util.inspect`
 * and `console.log` keep on Node, Bun and Deno.
 */
export function addMethods<Facts extends object, Methods extends object>(
  facts: Facts,
  methods: Methods,
  show: () => unknown,
): Facts & Methods {
  const all = {
    ...methods,
    [Symbol.for("nodejs.util.inspect.custom")]: show,
    [Symbol.for("Deno.customInspect")]: (inspect: (value: unknown, options: unknown) => string, options: unknown) =>
      inspect(show(), options),
  };
  for (const name of Reflect.ownKeys(all)) Object.defineProperty(facts, name, { value: Reflect.get(all, name) });
  return facts as Facts & Methods;
}
