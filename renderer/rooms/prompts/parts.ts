/** The four texts of a recipe's prompts as one edits them: a text of one's own, or null for the domain's. Pure. */
import type { PromptSet } from '../../../preload/contract/prompts.js';
import {
  holds,
  placeholderProblem,
  type PromptRole,
  type RecipePrompts,
} from '../../../preload/contract/recipe-prompts.js';

export type PartKey = keyof RecipePrompts;

interface Part {
  readonly key: PartKey;
  readonly role: PromptRole;
  readonly title: string;
  readonly help: string;
  readonly system: boolean;
}

const PARTS: readonly Part[] = [
  {
    ...{ key: 'challenger_system', role: 'challenger', system: true, title: 'Who it is told to be' },
    help: 'The system message. It sets the format the question is found by.',
  },
  {
    ...{ key: 'challenger', role: 'challenger', system: false, title: 'What it is asked' },
    help: 'Each question is a fresh draw. Where the domain draws topics, {{topic}} stands for the one of this question.',
  },
  {
    ...{ key: 'solver_system', role: 'solver', system: true, title: 'How it is told to answer' },
    help: 'The system message. It sets where the final answer stands.',
  },
  {
    ...{ key: 'solver', role: 'solver', system: false, title: 'What it is asked' },
    help: '{{question}} stands for the question.',
  },
];

/** A domain without chat has no system messages. */
export function partsOf({ chat }: Pick<PromptSet, 'chat'>, role: PromptRole): readonly Part[] {
  return PARTS.filter((part) => part.role === role && (chat || !part.system));
}

export function shippedText(shipped: PromptSet, { role, system }: Pick<Part, 'role' | 'system'>): string {
  return system ? (shipped[role].system ?? '') : shipped[role].text;
}

/** The draft of what stands in a recipe: what equals the domain's own is the domain's own. */
export function draftOf(shipped: PromptSet, now: PromptSet): RecipePrompts {
  const own = (part: Part): string | null => {
    const text = shippedText(now, part);
    return text === shippedText(shipped, part) ? null : text;
  };
  return Object.fromEntries(PARTS.map((part) => [part.key, own(part)])) as RecipePrompts;
}

/** What the domain has to say about the prompts besides their texts. */
export interface Ground {
  readonly shipped: PromptSet;
  /** Whether questions are asked for about a topic drawn for each. */
  readonly drawsTopics: boolean;
}

/** Why a text cannot stand there, as one sentence; null where it can. */
function partProblem(
  text: string | null,
  { key, role }: Pick<Part, 'key' | 'role'>,
  drawsTopics: boolean,
): string | null {
  if (text === null) return null;
  if (text === '') return 'It is empty. Take the shipped text back, or write one.';
  const problem = placeholderProblem(text, role);
  if (problem !== null) return `${problem}.`;
  if (role === 'challenger' && !drawsTopics && holds(text, 'topic')) {
    return 'This domain draws no topics, so nothing would stand in the place of {{topic}}.';
  }
  const missing = key === 'solver' && !holds(text, 'question');
  return missing ? 'It lacks {{question}}: the Solver would not be told what to answer.' : null;
}

/** What is wrong, by part. */
export function problemsOf(draft: RecipePrompts, { shipped, drawsTopics }: Ground): ReadonlyMap<PartKey, string> {
  const problems = new Map<PartKey, string>();
  for (const part of PARTS) {
    const problem = partProblem(draft[part.key], part, drawsTopics);
    if (problem !== null) problems.set(part.key, problem);
  }
  const asked = [
    draft.challenger ?? shipped.challenger.text,
    draft.challenger_system ?? shipped.challenger.system ?? '',
  ];
  if (drawsTopics && !asked.some((text) => holds(text, 'topic')) && !problems.has('challenger')) {
    problems.set('challenger', 'It lacks {{topic}}: the Challenger would not be told the topic that was drawn.');
  }
  return problems;
}
