/**
 * A conversation at a terminal. What is typed is a message; lines that begin with a slash are commands. Ctrl-C stops the
 * answer; at the prompt, twice, it leaves.
 */
import { writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { describeError, LabError } from '../../lib/errors.js';
import { factsLine, harmless, tinted, tokenTable } from '../view/chat-text.js';
import { colours, wantsColour } from '../view/colours.js';
import { printable } from '../view/format.js';
import { runChatCommand } from './chat-commands.js';
import type { Answered, ChatSession } from './chat-session.js';

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

const HINT = 'A message, or /help. Ctrl-C stops an answer; twice at the prompt, it leaves.';

/** Settles when the person leaves. */
export async function converse(
  session: ChatSession,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Promise<void> {
  const { input, output } = terminal;
  const lines = createInterface({ input, output, prompt: '> ', terminal: output.isTTY === true });
  const say = (text: string): void => void output.write(`${text}\n`);
  const paint = colours(wantsColour(output));
  let answering: AbortController | null = null;
  let asked = false;
  lines.on('SIGINT', () => {
    if (answering) answering.abort();
    else if (asked) lines.close();
    else {
      asked = true;
      say('\nCtrl-C again leaves.');
      lines.prompt();
    }
  });
  say(paint.faint(HINT));
  for await (const line of linesOf(lines)) {
    asked = false;
    if (line.startsWith('/')) {
      const done = command(session, line, { say });
      if (done === 'quit') break;
    } else if (line.trim() !== '') {
      answering = new AbortController();
      try {
        say(paint.faint(factsLine(await answer(session, line, { signal: answering.signal, output, paint }))));
      } catch (error) {
        say(paint.bad(printable(describeError(error))));
      } finally {
        answering = null;
      }
    }
  }
  lines.close();
}

/** Lines one after another, the next asked for when the last is done with. */
async function* linesOf(lines: Interface): AsyncGenerator<string, void> {
  const waiting: string[] = [];
  let closed = false;
  let wake: () => void = () => undefined;
  lines.on('line', (line) => {
    waiting.push(line);
    wake();
  });
  lines.once('close', () => {
    closed = true;
    wake();
  });
  for (;;) {
    const next = waiting.shift();
    if (next !== undefined) yield next;
    else if (closed) return;
    else {
      lines.prompt();
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
}

interface Answering {
  readonly signal: AbortSignal;
  readonly output: NodeJS.WritableStream;
  readonly paint: ReturnType<typeof colours>;
}

async function answer(session: ChatSession, question: string, { signal, output, paint }: Answering): Promise<Answered> {
  const turn = await session.ask(
    question,
    { kind: 'go', begun: [] },
    {
      signal,
      onTokens: (tokens) => void output.write(tokens.map((token) => tinted(token, paint)).join('')),
    },
  );
  output.write('\n');
  return turn;
}

function command(session: ChatSession, line: string, { say }: { say: (text: string) => void }): 'quit' | null {
  try {
    const outcome = runChatCommand(session, line);
    switch (outcome.kind) {
      case 'quit':
        return 'quit';
      case 'say':
        say(outcome.text);
        return null;
      case 'probabilities':
        say(session.last ? tokenTable(session.last.tokens).join('\n') : 'There is no answer yet.');
        return null;
      case 'save':
        save(session, outcome.file);
        say(`Written to ${harmless(outcome.file)}.`);
        return null;
    }
  } catch (error) {
    say(printable(describeError(error)));
    return null;
  }
}

function save(session: ChatSession, file: string): void {
  const whole = { settings: session.settings, turns: session.turns };
  try {
    writeFileSync(file, `${JSON.stringify(whole, null, 1)}\n`, { flag: 'wx' });
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new LabError('usage', `${file} ${there ? 'is already there' : 'cannot be written'}.`, {
      cause,
      remedy: 'Name another file.',
    });
  }
}
