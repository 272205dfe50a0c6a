/**
 * Rows of a file as examples to learn: a prompt and the completion that is to follow it. Three formats, as the field has
 * them: text with its completion, a question with its answer (asked as the run's Solver is asked), a chat. Of a chat each
 * turn of the assistant is an example, whose prompt is all that came before it.
 */
import type { SftRecipe } from '../../../preload/contract/recipe-sft.js';
import { LabError } from '../../lib/errors.js';
import type { Row, Table } from '../../tables/table.js';
import type { ChatTurn, Prompt, SupervisedExample } from '../executor.js';

export interface Example extends SupervisedExample {
  /** What was asked, as plain texts: by these a benchmark's question is known. */
  readonly questions: readonly string[];
  /** Equal for examples that must not be parted: of one prompt, of one chat. */
  readonly group: string;
}

type Format = Exclude<SftRecipe['format'], 'auto'>;

/** The columns of each format as they are usually called. */
const COLUMNS: Readonly<Record<Format, { readonly prompt: string; readonly completion: string | null }>> = {
  prompt: { prompt: 'prompt', completion: 'completion' },
  question: { prompt: 'question', completion: 'answer' },
  messages: { prompt: 'messages', completion: null },
};

const ROLES: readonly string[] = ['system', 'user', 'assistant'] satisfies ChatTurn['role'][];

type Wish = Pick<SftRecipe, 'format' | 'prompt_column' | 'completion_column'>;

/** How a question is asked; every domain knows it. */
interface Asking {
  solverPrompt(question: string): Prompt;
}

/** @throws LabError('usage') that names file, row and column. */
export function examplesOf(table: Table, wish: Wish, task: Asking): Example[] {
  const format = wish.format === 'auto' ? formatOf(table, wish) : wish.format;
  const usual = COLUMNS[format];
  const prompt = wish.prompt_column ?? usual.prompt;
  const completion = usual.completion && (wish.completion_column ?? usual.completion);
  for (const name of [prompt, completion]) if (name !== null) requireColumn(table, name);
  const examples = table.rows.flatMap((row) => {
    const cells = new Cells(row);
    if (completion === null) return ofChat(cells.chat(prompt), cells, prompt);
    return [
      format === 'question' ? ofQuestion(cells, { prompt, completion }, task) : ofPrompt(cells, { prompt, completion }),
    ];
  });
  refuseAllEqual(table.file, examples);
  return examples;
}

function formatOf({ file, columns }: Table, wish: Wish): Format {
  if (wish.completion_column !== null) return 'prompt';
  const found = (Object.keys(COLUMNS) as Format[]).find((format) => {
    const { prompt, completion } = COLUMNS[format];
    return columns.includes(wish.prompt_column ?? prompt) && (completion === null || columns.includes(completion));
  });
  if (found) return found;
  throw new LabError('usage', `${file} has the columns ${listed(columns)}: no prompt with a completion among them.`, {
    remedy:
      'It needs "prompt" and "completion", "question" and "answer", or "messages"; other names are given as sft.prompt_column and sft.completion_column.',
  });
}

function requireColumn({ file, columns }: Table, name: string): void {
  if (columns.includes(name)) return;
  throw new LabError('usage', `${file} has no column "${name}"; it has ${listed(columns)}.`, {
    remedy: 'Name the columns as sft.prompt_column and sft.completion_column, and what they hold as sft.format.',
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => JSON.stringify(name));
  return `${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`;
}

interface Pair {
  readonly prompt: string;
  readonly completion: string;
}

function ofQuestion(cells: Cells, { prompt, completion }: Pair, task: Asking): Example {
  const question = cells.text(prompt).trim();
  return {
    ...{ questions: [question], group: question },
    ...{ prompt: task.solverPrompt(question), completion: cells.text(completion) },
  };
}

/** Either column may hold a chat instead of text: the turns before, and the one that is learnt. */
function ofPrompt(cells: Cells, names: Pair): Example {
  const [given, answer] = [cells.value(names.prompt), cells.value(names.completion)];
  if (!Array.isArray(given) && !Array.isArray(answer)) {
    const text = cells.text(names.prompt);
    const prompt: Prompt = { kind: 'text', text };
    return { questions: [text], group: text, prompt, completion: cells.text(names.completion) };
  }
  const before = Array.isArray(given)
    ? cells.chat(names.prompt)
    : [{ role: 'user' as const, content: cells.text(names.prompt) }];
  const after = Array.isArray(answer)
    ? cells.chat(names.completion)
    : [{ role: 'assistant' as const, content: cells.text(names.completion) }];
  const [last] = after;
  if (after.length !== 1 || last?.role !== 'assistant') {
    throw cells.wrong(names.completion, 'is not one turn of the assistant', 'Put longer chats into "messages".');
  }
  return turn(before, last.content);
}

function ofChat(turns: readonly ChatTurn[], cells: Cells, name: string): Example[] {
  const examples = turns.flatMap((one, i) =>
    one.role === 'assistant' && i > 0 ? [turn(turns.slice(0, i), one.content)] : [],
  );
  if (examples.length > 0) {
    const group = JSON.stringify(
      turns.slice(
        0,
        turns.findIndex(({ role }) => role === 'assistant'),
      ),
    );
    return examples.map((example) => ({ ...example, group }));
  }
  throw cells.wrong(name, 'has no turn of the assistant behind another', 'A chat to learn from ends with an answer.');
}

function turn(before: readonly ChatTurn[], completion: string): Example {
  return {
    questions: before.filter(({ role }) => role === 'user').map(({ content }) => content),
    group: JSON.stringify(before),
    prompt: { kind: 'chat', messages: before },
    completion,
  };
}

/** A row's values, each asked for as what it must be. */
class Cells {
  constructor(private readonly row: Row) {}

  value(name: string): unknown {
    return this.row.cells[name];
  }

  /** A number is taken as it is written: answers often are numbers. */
  text(name: string): string {
    const value = this.value(name);
    if (value === undefined || value === null) throw this.wrong(name, 'is missing', 'Give every row one.');
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value !== 'string') {
      throw this.wrong(name, `is ${kindOf(value)}, not text`, 'Prompts, questions, completions and answers are text.');
    }
    if (value.trim() === '') throw this.wrong(name, 'is empty', 'Fill it, or leave the row out.');
    return value;
  }

  chat(name: string): ChatTurn[] {
    const value = this.value(name);
    const remedy = 'A chat is a list of {"role": "system", "user" or "assistant", "content": text}.';
    if (value === undefined || value === null) throw this.wrong(name, 'is missing', remedy);
    if (!Array.isArray(value)) throw this.wrong(name, `is ${kindOf(value)}, not a list of turns`, remedy);
    if (value.length === 0) throw this.wrong(name, 'is empty', remedy);
    return value.map((one: unknown, i) => {
      const { role, content } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>;
      if (typeof role !== 'string' || !ROLES.includes(role)) {
        throw this.wrong(name, `has as turn ${i + 1} one of the role ${JSON.stringify(role) ?? 'nobody'}`, remedy);
      }
      if (typeof content !== 'string' || (role !== 'system' && content.trim() === '')) {
        throw this.wrong(name, `has a turn ${i + 1} without text`, remedy);
      }
      return { role: role as ChatTurn['role'], content };
    });
  }

  wrong(name: string, what: string, remedy: string): LabError {
    return new LabError('usage', `${this.row.where}: "${name}" ${what}.`, { remedy });
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function refuseAllEqual(file: string, examples: readonly Example[]): void {
  const texts = new Set(examples.map(({ group, prompt, completion }) => JSON.stringify([group, prompt, completion])));
  if (texts.size > 1) return;
  throw new LabError(
    'usage',
    `${file}: ${examples.length === 1 ? 'it has one row only' : `all ${examples.length} rows are the same`}.`,
    {
      remedy: 'There is nothing to learn but one text: give rows that differ.',
    },
  );
}
