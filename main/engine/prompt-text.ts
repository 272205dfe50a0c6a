/**
 * A prompt as the model is given it: one text, special tokens spelt out. A chat goes through the model's chat template. A base
 * model has none: it is given the contents of the messages one after another, a blank line behind each, no roles named, after
 * the special token with which its makers begin every text (`<s>`, `<|begin_of_text|>`, nothing). A prompt that is a text
 * already says itself how it begins.
 */
import type { Prompt } from '../coevolution/executor.js';
import { plainText } from '../domains/prompts.js';
import type { LanguageModel } from '../model/language-model.js';

export function promptText(
  { chatTemplate, tokenizer }: Pick<LanguageModel, 'chatTemplate' | 'tokenizer'>,
  prompt: Prompt,
): string {
  if (prompt.kind === 'text') return plainText(prompt);
  if (chatTemplate) return chatTemplate.render(prompt.messages, { addGenerationPrompt: true });
  return tokenizer.opening + plainText(prompt);
}
