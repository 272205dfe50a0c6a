/**
 * A domain: what questions are about. It is a folder with `domain.yaml` in it, which this describes, and the texts that it names.
 * What is code is named here by a word, and written under main/domains; docs/domains.md says what each word means. Pure.
 */
import { z } from 'zod';
import { ANSWERS, DIFFICULTIES, FORMS, NORMAL_FORMS, ORACLES, REWRITINGS, TOPICS, words } from './domain-words.js';

/** Raised when a folder of today would be read otherwise tomorrow. */
export const DOMAIN_VERSION = 1;

/** The file of the folder that says all of it, or where it stands. */
export const DOMAIN_FILE = 'domain.yaml';

export const LONGEST_PROMPT = 50_000;
export const LONGEST_TOPIC = 200;
export const MOST_TOPICS = 100_000;

const LETTERS = 10;

const fileName = z
  .string()
  .regex(/^[\w][\w .-]{0,99}$/, 'must be the name of a file in the folder itself')
  .refine((name) => name !== DOMAIN_FILE, 'must be another file than domain.yaml');

const prompt = z.union([z.string().min(1).max(LONGEST_PROMPT), z.strictObject({ file: fileName })], {
  error: 'must be a text, or { file: NAME } of a file in the folder',
});
const part = z.strictObject({
  system: prompt.nullable().default(null).describe('who the role is told to be; none where chat is false'),
  text: prompt.describe('what it is asked'),
});

const textOptions = {
  ignore_case: z.boolean().default(true).describe('of text: Oxygen is oxygen'),
  ignore_articles: z.boolean().default(true).describe('of text: the sun is sun'),
};

const optionsSchema = z
  .strictObject({
    min: z.number().int().min(2).max(LETTERS).default(4).describe('fewest options'),
    max: z.number().int().min(2).max(LETTERS).default(4).describe('most options, up to 10: A to J'),
    shuffle: z
      .boolean()
      .default(false)
      .describe('each vote sees the options in an order of its own, so that a liking for one letter wins none'),
  })
  .refine((o) => o.min <= o.max, 'min must not exceed max');

const questionSchema = z.strictObject({
  form: z.enum(words(FORMS)).describe('how a question stands in what the Challenger writes'),
  opening: z.string().min(1).max(40).default('<question>').describe('of tags and choice: what a question begins after'),
  closing: z.string().min(1).max(40).default('</question>').describe('of tags and choice: what it ends before'),
  max_characters: z.number().int().min(1).max(20_000).default(4000).describe('a longer question is malformed'),
  answer: z
    .enum(['required', 'optional'])
    .default('required')
    .describe("of tags and choice: whether the Challenger's own answer must stand in \\boxed{}"),
  forbid: z.array(z.string().min(1).max(200)).max(50).default([]).describe('texts that may not stand in a question'),
  options: optionsSchema.prefault({}).describe('of choice'),
});

const repetitionSchema = z.strictObject({
  tokens: z.enum(['words', 'characters']).default('words').describe('what BLEU compares'),
  smoothing: z
    .enum(['epsilon', 'add-one'])
    .default('epsilon')
    .describe('what BLEU makes of n-grams without a match; add-one suits questions of a few characters'),
});

const examplesSchema = z.strictObject({
  well_formed: z.string().min(1).max(20_000).describe('a completion of the Challenger that holds a question'),
  malformed: z.string().min(1).max(20_000).describe('one that does not'),
});

const fields = {
  version: z.literal(DOMAIN_VERSION, { error: `must be ${DOMAIN_VERSION}` }).describe('of this format'),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be small letters, digits and hyphens, 40 at most')
    .describe('what the domain is called'),
  description: z.string().min(1).max(2000).describe('what its questions are about, in a sentence or two'),
  answers: z
    .strictObject({
      kind: z.enum(words(ANSWERS)).describe('what answers look like: how they are found and compared'),
      ...textOptions,
    })
    .describe('the grader'),
  question: questionSchema.describe('what a well-formed question is'),
  normalise: z.enum(words(NORMAL_FORMS)).default('words').describe('which questions count as the same'),
  repetition: repetitionSchema.prefault({}).describe('how alike questions are, for the repetition penalty'),
  difficulty: z.enum(words(DIFFICULTIES)).nullable().default(null).describe('a measure that needs no answer'),
  topic: z.enum(words(TOPICS)).nullable().default(null).describe('a rule that says what a question is about'),
  rewriting: z.enum(words(REWRITINGS)).nullable().default(null).describe('for labelling: pooled'),
  oracle: z.enum(words(ORACLES)).nullable().default(null).describe('knows the true answer; only ever measures'),
  examples: examplesSchema.describe('tried by rzero domain check'),
};

/** What stands in domain.yaml. */
export const domainFileSchema = z
  .strictObject({
    ...fields,
    prompts: z.strictObject({
      chat: z.boolean().default(true).describe('false: texts go to the model as they are, without a chat template'),
      challenger: part,
      solver: part,
    }),
    topics: fileName
      .nullable()
      .default(null)
      .describe('a file of topics, one a line or a YAML list: each question is asked for about one of them'),
  })
  .superRefine((domain, context) => {
    for (const { path, message } of contradictions(domain)) context.addIssue({ code: 'custom', path, message });
  });
export type DomainFile = z.output<typeof domainFileSchema>;

interface Contradiction {
  readonly path: string[];
  readonly message: string;
}

type Choices = Pick<DomainFile, 'answers' | 'question' | 'difficulty' | 'topic' | 'rewriting' | 'oracle' | 'topics'>;

/** What each allows by itself and does not go together. */
function contradictions(domain: Choices): Contradiction[] {
  const { answers, question, difficulty, topic, rewriting, oracle, topics } = domain;
  const found: Contradiction[] = [];
  const tell = (wrong: boolean, path: string[], message: string): void => void (wrong && found.push({ path, message }));
  const chains = question.form === 'chains';
  tell(
    difficulty === 'chain-terms' && !chains,
    ['difficulty'],
    'chain-terms counts the terms of question.form: chains',
  );
  tell(topic === 'chain-shape' && !chains, ['topic'], 'chain-shape looks at questions of question.form: chains');
  tell(rewriting === 'chains' && !chains, ['rewriting'], 'chains rewrites questions of question.form: chains');
  tell(oracle === 'chains' && !chains, ['oracle'], 'chains knows the value of questions of question.form: chains');
  const choice = question.form === 'choice';
  tell((answers.kind === 'choice') !== choice, ['answers', 'kind'], 'choice and question.form: choice need each other');
  tell(question.options.shuffle && !choice, ['question', 'options', 'shuffle'], 'needs question.form: choice');
  tell(difficulty === 'options' && !choice, ['difficulty'], 'options counts those of question.form: choice');
  const both = topic !== null && topics !== null;
  tell(both, ['topic'], 'must be left out where topics are drawn: a question is about the one it was asked for');
  return found;
}

/** A prompt with its texts in it. */
export interface DomainPrompts {
  readonly chat: boolean;
  readonly challenger: { readonly system: string | null; readonly text: string };
  readonly solver: { readonly system: string | null; readonly text: string };
}

/** A domain whole: what the files of its folder say together. */
export interface DomainDescription extends Omit<DomainFile, 'prompts' | 'topics'> {
  readonly prompts: DomainPrompts;
  /** What questions are asked about, one drawn for each; null where the prompt is the same for all. */
  readonly topics: readonly string[] | null;
}
