/**
 * Closes at the end of the block of `await using`, as `close()` does. Without members where neither the compiler's library
 * (`ESNext.Disposable`) nor Node's types know `Symbol.asyncDispose`, so that the package's types need neither.
 */
export type Closeable = SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol }
  ? { readonly [Name in Key]: () => Promise<void> }
  : object;

/** Makes `await using` close an object. Node before 20.5 lacks the symbol; it is hidden, so that copies and comparisons do not see it. */
export function closeable<T extends { close(): Promise<void> }>(object: T): T & Closeable {
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol };
  if (asyncDispose) Object.defineProperty(object, asyncDispose, { value: () => object.close() });
  return object as T & Closeable;
}
