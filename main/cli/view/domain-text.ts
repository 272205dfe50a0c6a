/** Domains for the terminal: what they are, what models are asked, what is read in a completion. Pure. */
import type { DomainDescription } from '../../../preload/contract/domain-file.js';
import { ANSWERS, DIFFICULTIES, FORMS, NORMAL_FORMS, ORACLES, TOPICS } from '../../../preload/contract/domain-words.js';
import type { Domain } from '../../domains/domain.js';
import { plainText } from '../../domains/prompts.js';
import { table } from './text.js';

interface Found {
  readonly folder: string;
  readonly description: DomainDescription;
}

const left = (title: string): { title: string; align: 'left' } => ({ title, align: 'left' });

export function domainRows(found: readonly Found[]): string[] {
  return table(
    ['name', 'answers', 'topics', 'about'].map(left),
    found.map(({ description: { name, answers, topics, description } }) => [
      name,
      answers.kind,
      topics === null ? '' : String(topics.length),
      description,
    ]),
  );
}

/** What a domain makes of one completion, taken for the Challenger's and for the Solver's. */
export interface CompletionReading {
  readonly question: {
    readonly text: string;
    readonly answer: string | null;
    readonly normal: string;
    readonly difficulty: number | null;
    readonly topic: string | null;
    readonly oracle: string | null;
  } | null;
  readonly problem: string | null;
  readonly answer: string | null;
  readonly canonical: string | null;
}

export function readingOf(domain: Domain, completion: string): CompletionReading {
  const text = completion.trimEnd();
  const parsed = domain.parseQuestion(text, 'stop');
  const answer = domain.extractAnswer(text, 'stop');
  return {
    question: parsed.valid
      ? {
          text: parsed.question,
          answer: parsed.answer ?? null,
          normal: domain.normaliseQuestion(parsed.question),
          difficulty: domain.difficulty(parsed.question),
          topic: domain.topic(parsed.question),
          oracle: domain.oracle?.(parsed.question) ?? null,
        }
      : null,
    problem: parsed.valid ? null : parsed.reason,
    answer,
    canonical: answer === null ? null : domain.canonicalAnswer(answer),
  };
}

export function readingText(reading: CompletionReading): string[] {
  const { answer, canonical } = reading;
  const solver =
    answer === null
      ? ["As the Solver's: no final answer."]
      : ["As the Solver's:", ...fact('answer', answer), ...fact('compared as', canonical)];
  return [...questionText(reading), '', ...solver];
}

function questionText({ question, problem }: CompletionReading): string[] {
  if (question === null) return [`As the Challenger's: malformed, ${problem ?? ''}.`];
  return [
    "As the Challenger's: a well-formed question.",
    ...fact('question', question.text),
    ...fact('own answer', question.answer),
    ...fact('compared as', question.normal),
    ...fact('difficulty', question.difficulty === null ? null : String(question.difficulty)),
    ...fact('topic', question.topic),
    ...fact('true answer', question.oracle),
  ];
}

const LABEL = 14;

function fact(label: string, value: string | null): string[] {
  if (value === null) return [];
  return value.split('\n').map((line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL)}${line}`.trimEnd());
}

export function domainText({ folder, description }: Found, domain: Domain): string[] {
  const { examples, topics } = description;
  const topic = topics?.[0] ?? null;
  return [
    `${description.name}: ${description.description}`,
    '',
    ...facts(description, folder),
    ...(topic === null ? [] : ['', `The prompts below are for the first topic: ${topic}.`]),
    '',
    ...promptText('Challenger', domain.challengerPrompt(topic)),
    ...promptText('Solver', domain.solverPrompt('‹the question›')),
    'A completion of the Challenger that is well formed:',
    ...quoted(examples.well_formed),
    ...questionText(readingOf(domain, examples.well_formed)),
    '',
    'One that is not:',
    ...quoted(examples.malformed),
    ...questionText(readingOf(domain, examples.malformed)),
  ];
}

function facts(description: DomainDescription, folder: string): string[] {
  const { question, answers, normalise, repetition, topics, difficulty, topic, oracle } = description;
  const { min, max, shuffle } = question.options;
  const options = question.form === 'choice' ? `; ${min === max ? min : `${min} to ${max}`} options` : '';
  const shuffled = shuffle ? ', in an order of its own for each vote' : '';
  return [
    ...fact('folder', folder),
    ...fact('question', `${question.form}: ${FORMS[question.form]}${options}${shuffled}`),
    ...fact('answers', `${answers.kind}: ${ANSWERS[answers.kind]}`),
    ...fact('the same', `${normalise}: ${NORMAL_FORMS[normalise]}`),
    ...fact('repetition', `BLEU of ${repetition.tokens}, smoothing ${repetition.smoothing}`),
    ...fact(
      'difficulty',
      difficulty === null ? "none but the Solver's votes" : `${difficulty}: ${DIFFICULTIES[difficulty]}`,
    ),
    ...fact('topics', topics === null ? null : `${topics.length}, one drawn for each question`),
    ...fact('topic', topic === null ? null : `${topic}: ${TOPICS[topic]}`),
    ...fact('oracle', oracle === null ? 'none' : `${oracle}: ${ORACLES[oracle]}`),
  ];
}

function promptText(role: string, prompt: ReturnType<Domain['solverPrompt']>): string[] {
  if (prompt.kind === 'text') return [`The ${role} is given, as it is:`, ...quoted(prompt.text), ''];
  return [
    ...prompt.messages.flatMap(({ role: from, content }) => [
      `The ${role} of a chat model, message of the ${from}:`,
      ...quoted(content),
    ]),
    `The ${role} of a base model:`,
    ...quoted(plainText(prompt)),
    '',
  ];
}

function quoted(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  │ ${line}`.trimEnd());
}
