/** One line of input that the terminal does not show; from a pipe, its first line. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export async function hiddenLine(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(prompt);
  // Readline turns the terminal's own echo off and writes what is typed to its output: here, nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: stdin.isTTY, historySize: 0 });
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
      lines.once('SIGINT', () => lines.close());
    });
  } finally {
    lines.close();
    if (stdin.isTTY) stderr.write('\n');
  }
}
