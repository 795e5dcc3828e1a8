/** Progress that reads well in both places: one line that changes in a terminal, a line per tenth in a log file. */
export function progress(title: string, total: number): (done: number) => void {
  const inTerminal = process.stdout.isTTY === true;
  let shown = -1;
  return (done) => {
    const share = Math.floor((done / total) * (inTerminal ? 100 : 10));
    if (share === shown) return;
    shown = share;
    const text = `${title}: ${done} of ${total}`;
    if (inTerminal) process.stdout.write(`\r${text}${done === total ? "\n" : ""}`);
    else console.log(text);
  };
}
