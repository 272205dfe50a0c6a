/**
 * An example as the tokens a model learns: the prompt exactly as it is given when the model is asked, then the completion, whose
 * end the model must learn too. They are encoded apart, as they are when the model writes.
 */
import type { LearnerSequence, SupervisedExample } from '../coevolution/executor.js';
import { LabError } from '../lib/errors.js';
import type { LanguageModel } from '../model/language-model.js';
import { promptText } from './prompt-text.js';

type Speaker = Pick<LanguageModel, 'chatTemplate' | 'tokenizer' | 'config' | 'generation'>;

export function sequenceOf(model: Speaker, example: SupervisedExample): LearnerSequence {
  const prompt = promptText(model, example.prompt);
  const completion = model.tokenizer.encode(completionText(model, example, prompt));
  const ends = [...model.generation.eosTokenIds, ...model.config.eosTokenIds];
  const end = model.config.eosTokenIds[0] ?? ends[0];
  if (end === undefined) {
    throw new LabError('model', 'The model has no token that ends a text, so that it cannot learn where to stop.', {
      remedy: 'Name one as eos_token_id in its config.json.',
    });
  }
  return {
    prompt: model.tokenizer.encode(prompt),
    completion: completion.some((token) => ends.includes(token)) ? completion : [...completion, end],
  };
}

/** In a chat what its template puts behind the prompt; else the completion itself. */
function completionText({ chatTemplate }: Speaker, { prompt, completion }: SupervisedExample, before: string): string {
  if (prompt.kind === 'text' || !chatTemplate) return completion;
  const whole = chatTemplate.render([...prompt.messages, { role: 'assistant', content: completion }]);
  // A template that shows the past in another way than the present: then the end token is put behind the text.
  return whole.startsWith(before) ? whole.slice(before.length) : completion;
}
