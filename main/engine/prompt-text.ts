/** A prompt as the model is given it: one text, special tokens spelt out. */
import type { Prompt } from '../coevolution/executor.js';
import { plainText } from '../domains/prompts.js';
import type { LanguageModel } from '../model/language-model.js';

export function promptText({ chatTemplate }: Pick<LanguageModel, 'chatTemplate'>, prompt: Prompt): string {
  if (prompt.kind === 'chat' && chatTemplate) {
    return chatTemplate.render(prompt.messages, { addGenerationPrompt: true });
  }
  return plainText(prompt);
}
