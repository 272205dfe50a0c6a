/** `rzero model chat MODEL`: a conversation with a model, every token with its probability; or one question, for scripts. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { CHAT_FORMS, MOST_ALTERNATIVES, type ChatForm } from '../../../preload/contract/chat-words.js';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import { LabError } from '../../lib/errors.js';
import { checkpointOption, roleOption, type ModelOptions } from '../model-options.js';
import { backendOption, dataDirOption, jsonOption, positiveNumber, realNumber, wholeNumber } from '../options.js';

interface Options extends ModelOptions {
  readonly prompt?: string;
  readonly score?: string;
  readonly system?: string;
  readonly form: ChatForm;
  readonly top: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly maxNewTokens?: number;
  readonly seed: number;
  readonly dataDir?: string;
  readonly backend: BackendChoice;
  readonly json?: boolean;
}

export function registerModelChat(model: Command): void {
  model
    .command('chat')
    .description(
      'Talks with a model; each token comes with its probability under the model itself (temperature 1, nothing cut off). The model stays loaded between turns, and what it has read is not read again.',
    )
    .argument('<model>', 'builtin:nano, a folder, OWNER/NAME of the hub, or a run (RUN@last, RUN@best)')
    .option('--prompt <text>', 'ask this and leave; without a terminal the prompt is read from standard input')
    .option('--score <text>', 'write nothing: say how probable this answer to the prompt is')
    .option('--system <text>', 'what is said to the model first')
    .addOption(
      new Option(
        '--form <form>',
        "how it is sent: its chat template, plain text as it is, the Solver's prompt, or what suits the model",
      )
        .choices(CHAT_FORMS)
        .default('auto'),
    )
    .option('--top <k>', `alternatives told with every token, at most ${MOST_ALTERNATIVES}`, alternatives, 5)
    .option('--temperature <t>', '0 is greedy', realNumber)
    .option('--top-p <p>', 'nucleus', realNumber)
    .option('--top-k <k>', '0 is off', wholeNumber)
    .option('--max-new-tokens <n>', 'limit', positiveNumber)
    .option('--seed <n>', 'for sampling', wholeNumber, 0)
    .addOption(checkpointOption())
    .addOption(roleOption())
    .addOption(dataDirOption())
    .addOption(backendOption())
    .addOption(jsonOption('print prompt, tokens, probabilities and alternatives as JSON'))
    .addHelpText('after', EXAMPLES)
    .action(chat);
}

const EXAMPLES = `
Examples:
  $ rzero model chat Qwen/Qwen3-0.6B
  $ rzero model chat my-run@best --prompt "What is 17 times 23?" --temperature 0
  $ rzero model chat builtin:nano --prompt 3+8-5 --json --top 3
  $ rzero model chat builtin:nano --prompt 3+8-5 --score "3+8=11-5=6#6"

In a conversation: /system, /reset, /probs, /temperature, /seed, /save FILE, /quit; /help explains them.`;

async function chat(reference: string, options: Options): Promise<void> {
  const { openLab } = await import('../open-lab.js');
  const { interruptible } = await import('../interruptible.js');
  const { ChatSession } = await import('../chat/chat-session.js');
  const { runModelName } = await import('../../../preload/contract/run-model.js');
  const prompt =
    options.prompt ??
    (process.stdin.isTTY && options.json !== true && options.score === undefined ? null : await piped());
  const lab = openLab(options.dataDir);
  try {
    const named = runModelName(reference);
    const model = named?.run ?? reference;
    const { role, backend } = options;
    const checkpoint = named?.checkpoint ?? options.checkpoint;
    const input = { model: model === 'last' ? lab.run(model).id : model, checkpoint, role, backend };
    const { system = '', form, top, seed, temperature = null, topP = null, topK = null, maxNewTokens = null } = options;
    const settings = { system, form, top, seed, temperature, topP, topK, maxNewTokens };
    const session = new ChatSession(lab, { input, version: '' }, settings);
    if (prompt === null) {
      const { converse } = await import('../chat/converse.js');
      await converse(session);
      return;
    }
    const { askOnce } = await import('../chat/once.js');
    const { score = null, json = false } = options;
    await interruptible((signal) => askOnce(session, { prompt, score, json, signal }));
  } finally {
    await lab.close();
  }
}

function alternatives(text: string): number {
  const value = wholeNumber(text);
  if (value > MOST_ALTERNATIVES)
    throw new InvalidArgumentError(`A whole number from 0 to ${MOST_ALTERNATIVES} is needed.`);
  return value;
}

async function piped(): Promise<string> {
  const parts: Buffer[] = [];
  if (!process.stdin.isTTY) for await (const part of process.stdin) parts.push(part as Buffer);
  // A line end at the end of a file is not meant.
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (text !== '') return text;
  throw new LabError('usage', 'There is nothing to ask: standard input is empty.', { remedy: 'Give --prompt TEXT.' });
}
