/** The prompts a recipe may bring, and what may stand in them. Alone here, for recipe.ts and prompts.ts both need it. */
import { z } from 'zod';

/** What may be filled into each prompt; a topic only where the domain draws topics. */
export const PLACEHOLDERS = { challenger: ['topic'], solver: ['question'] } as const;
export type PromptRole = keyof typeof PLACEHOLDERS;

/** `{{ name }}`; a name is anything but braces, so that a slip is seen and told. */
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** What is wrong with the placeholders of a prompt, as one sentence; null where nothing is. */
export function placeholderProblem(text: string, role: PromptRole): string | null {
  const allowed: readonly string[] = PLACEHOLDERS[role];
  const strange = [...text.matchAll(PLACEHOLDER)].find(([, name = '']) => !allowed.includes(name.trim()));
  if (!strange) return null;
  const may =
    allowed.length === 0 ? 'this prompt has none' : `allowed: ${allowed.map((name) => `{{${name}}}`).join(', ')}`;
  return `${strange[0]} is not a placeholder here; ${may}`;
}

export function holds(text: string, placeholder: string): boolean {
  return [...text.matchAll(PLACEHOLDER)].some(([, name = '']) => name.trim() === placeholder);
}

/** Puts values where their names stand; what has no value stays. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) =>
    Object.hasOwn(values, name.trim()) ? (values[name.trim()] as string) : whole,
  );
}

const LONGEST = 50_000;
function prompt(role: PromptRole): z.ZodDefault<z.ZodNullable<z.ZodString>> {
  return z
    .string()
    .min(1)
    .max(LONGEST)
    .superRefine((text, context) => {
      const problem = placeholderProblem(text, role);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .nullable()
    .default(null);
}

/** Both roles' texts, as a domain has them. */
interface Prompts {
  readonly chat: boolean;
  readonly challenger: { readonly system: string | null; readonly text: string };
  readonly solver: { readonly system: string | null; readonly text: string };
}

export interface PromptFault {
  readonly role: PromptRole;
  readonly part: 'system' | 'text';
  readonly message: string;
}

/** What is wrong with prompts in a domain that draws topics, or draws none. */
export function promptFaults(prompts: Prompts, drawsTopics: boolean): PromptFault[] {
  const faults: PromptFault[] = [];
  for (const role of ['challenger', 'solver'] as const) {
    for (const part of ['system', 'text'] as const) {
      const message = partFault(prompts[role][part], { role, part, chat: prompts.chat, drawsTopics });
      if (message !== null) faults.push({ role, part, message });
    }
  }
  const { system, text } = prompts.challenger;
  if (drawsTopics && ![system ?? '', text].some((words) => holds(words, 'topic'))) {
    const message = 'lacks {{topic}}: the Challenger would not be told the topic that was drawn';
    faults.push({ role: 'challenger', part: 'text', message });
  }
  return faults;
}

interface PartPlace {
  readonly role: PromptRole;
  readonly part: 'system' | 'text';
  readonly chat: boolean;
  readonly drawsTopics: boolean;
}

function partFault(text: string | null, { role, part, chat, drawsTopics }: PartPlace): string | null {
  if (text === null) return null;
  if (part === 'system' && !chat)
    return 'the domain has no chat, and so no place for this; put it into the prompt itself';
  const problem = placeholderProblem(text, role);
  if (problem !== null) return problem;
  if (role === 'challenger' && !drawsTopics && holds(text, 'topic')) {
    return '{{topic}} is not a placeholder here; the domain draws no topics';
  }
  if (role === 'solver' && part === 'text' && !holds(text, 'question')) return LACKS_QUESTION;
  return null;
}

const LACKS_QUESTION = 'lacks {{question}}: the Solver would not be told what to answer';

export const promptsSchema = z
  .strictObject({
    challenger_system: prompt('challenger').describe("who the Challenger is told to be; empty: the domain's own"),
    challenger: prompt('challenger').describe("how the Challenger is asked for a question; empty: the domain's own"),
    solver_system: prompt('solver').describe("how the Solver is told to answer; empty: the domain's own"),
    solver: prompt('solver').describe("what the Solver is asked, with {{question}} in it; empty: the domain's own"),
  })
  .superRefine(({ solver }, context) => {
    // A misspelt placeholder has been told already.
    if (solver === null || holds(solver, 'question') || placeholderProblem(solver, 'solver') !== null) return;
    context.addIssue({
      code: 'custom',
      path: ['solver'],
      message: LACKS_QUESTION,
    });
  });
export type RecipePrompts = z.output<typeof promptsSchema>;
