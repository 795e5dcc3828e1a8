export class ReferenceCache {
  constructor(_o: { ttlMs: number; clock: { now(): number } }) {}
  get<T>(
    _key: string,
    _o: { refresh?: boolean; signal?: AbortSignal | undefined },
    load: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return load(new AbortController().signal);
  }
}
