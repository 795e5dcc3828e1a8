// A shifted clock. Import it first.
const apartMs = Number(process.env.STORM_CLOCK_MS ?? 0);
if (apartMs !== 0) {
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [target.now() + apartMs] : args),
    get: (target, name) => (name === "now" ? () => target.now() + apartMs : Reflect.get(target, name)),
  });
}
