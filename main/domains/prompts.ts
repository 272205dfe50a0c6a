/** Prompts as text: a domain's, those a recipe puts in their place, and what the model is given. Pure. */
import type { DomainPrompts } from '../../preload/contract/domain-file.js';
import { fill, type RecipePrompts } from '../../preload/contract/recipe-prompts.js';
import type { Prompt } from '../coevolution/executor.js';

export function withPrompts(shipped: DomainPrompts, own: RecipePrompts | null): DomainPrompts {
  if (own === null) return shipped;
  const { chat, challenger, solver } = shipped;
  return {
    chat,
    challenger: { system: own.challenger_system ?? challenger.system, text: own.challenger ?? challenger.text },
    solver: { system: own.solver_system ?? solver.system, text: own.solver ?? solver.text },
  };
}

/** @param topic drawn for this question; null where the prompt is the same for all */
export function challengerPrompt(set: DomainPrompts, topic: string | null): Prompt {
  return given(set, set.challenger, topic === null ? {} : { topic });
}

export function solverPrompt(set: DomainPrompts, question: string): Prompt {
  return given(set, set.solver, { question });
}

function given(
  { chat }: DomainPrompts,
  part: DomainPrompts['solver'],
  values: Readonly<Record<string, string>>,
): Prompt {
  const content = fill(part.text, values);
  if (!chat) return { kind: 'text', text: content };
  const user = { role: 'user' as const, content };
  if (part.system === null) return { kind: 'chat', messages: [user] };
  return { kind: 'chat', messages: [{ role: 'system', content: fill(part.system, values) }, user] };
}

/** What a base model, which has no chat template, is given: the same words as plain text. */
export function plainText(prompt: Prompt): string {
  if (prompt.kind === 'text') return prompt.text;
  return `${prompt.messages.map((m) => m.content).join('\n\n')}\n\n`;
}
