/**
 * A file of one's own: `question` and `answer`, and where they are there `options` (then the answer is a letter or the place of
 * one), a numeric `difficulty`, a `subject` and `answer_kind`. Other columns are ignored; common other names of the two are understood.
 */
import { type AnswerKind, answerKindSchema } from '../../../preload/contract/answers.js';
import { fault } from '../../tables/table.js';
import type { BenchmarkQuestion } from '../benchmark.js';
import { answerOf, cellFault, has, optionalText, type SetRow, type SetTable, textOf } from './cells.js';
import { letterAt, letterOf, withOptions } from './choices.js';

const QUESTIONS = ['question', 'problem', 'prompt', 'input'];
const ANSWERS = ['answer', 'final_answer', 'expected_answer', 'target', 'gold', 'label'];

export interface OwnFile {
  /** Null: as the run's domain reads answers. */
  readonly answers: AnswerKind | null;
  readonly reading: string;
  readonly questions: readonly BenchmarkQuestion[];
}

export function readOwn(table: SetTable): OwnFile {
  const question = columnOf(table, QUESTIONS, 'question');
  const answer = columnOf(table, ANSWERS, 'answer');
  const choice = has(table, 'options');
  const answers = choice ? 'choice' : kindOf(table);
  const questions = table.rows.map((row): BenchmarkQuestion => {
    const difficulty = difficultyOf(row);
    const subject = optionalText(row, 'subject');
    return {
      ...(choice ? chosen(row, question, answer) : { question: textOf(row, question), answer: answerOf(row, answer) }),
      difficulty,
      ...(subject !== null && { subject }),
    };
  });
  return { answers, reading: `"${answer}" as it stands`, questions };
}

/** The usual name wins; of the others there may be one. */
function columnOf(table: SetTable, names: readonly string[], what: string): string {
  const there = names.filter((name) => table.columns.includes(name));
  if (there[0] === names[0] || there.length === 1) return there[0] as string;
  const columns = table.columns.map((name) => `"${name}"`).join(', ');
  if (there.length > 1) {
    throw fault(
      `${table.file}: ${there.map((name) => `"${name}"`).join(' and ')} could both be the ${what}.`,
      `Call the column "${what}", or name the set: SET=FILE, for example math-500=${table.file}.`,
    );
  }
  throw fault(
    `${table.rows[0]?.where ?? table.file}: "${what}" is missing; the columns are ${columns || 'none'}.`,
    'Every row needs "question" and "answer", or the columns of a public set (rzero benchmark list).',
  );
}

function chosen(row: SetRow, question: string, column: string): Pick<BenchmarkQuestion, 'question' | 'answer'> {
  const options = withOptions(textOf(row, question), row, 'options');
  const value = row.cells[column];
  if (typeof value === 'number') {
    const letter = letterAt(value);
    if (letter !== undefined && options.texts.has(letter)) return { question: options.question, answer: letter };
    throw cellFault(row, column, `is ${value}, not the place of an option, from 0`, 'Give the letter of an option.');
  }
  const same = [...options.texts].filter(([, text]) => text === value);
  if (same.length === 1 && !/^[A-J]$/.test(String(value))) {
    return { question: options.question, answer: same[0]?.[0] as string };
  }
  return { question: options.question, answer: letterOf(row, column, options) };
}

function difficultyOf(row: SetRow): number | null {
  const value = row.cells['difficulty'];
  if (value === null || value === undefined) return null;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw cellFault(row, 'difficulty', `is ${JSON.stringify(value)}, not a number`, 'Give a number, or leave it out.');
}

function kindOf(table: SetTable): AnswerKind | null {
  if (!has(table, 'answer_kind')) return null;
  const kinds = table.rows.map((row) => {
    const parsed = answerKindSchema.safeParse(row.cells['answer_kind']);
    if (parsed.success) return parsed.data;
    const why = `is ${JSON.stringify(row.cells['answer_kind'] ?? null)}`;
    throw cellFault(
      row,
      'answer_kind',
      why,
      `It is one of ${answerKindSchema.options.join(', ')}, the same in every row.`,
    );
  });
  const other = kinds.findIndex((kind) => kind !== kinds[0]);
  if (other < 0) return kinds[0] ?? null;
  const row = table.rows[other] as SetRow;
  throw cellFault(row, 'answer_kind', `is not ${kinds[0]}, as in the first row`, 'Make a file for each kind.');
}
