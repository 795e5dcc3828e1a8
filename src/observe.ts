/** Observers observe: what they throw, or reject with, is theirs, and the run goes on. */
export function observer(logger: { error(message: string): void } | undefined) {
  return <T>(name: string, callback: ((value: T) => unknown) | undefined): ((value: T) => void) | undefined => {
    const complain = (): void => logger?.error(`oplead-sdk: ${name} threw; the run goes on`);
    return (
      callback &&
      ((value) => {
        try {
          Promise.resolve(callback(value)).catch(complain);
        } catch {
          complain();
        }
      })
    );
  };
}
