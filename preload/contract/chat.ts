/** A model that is tried: a conversation with it, token by token, and how probable a given answer is to it. */
import { z } from 'zod';
import { chatNewsSchema, chatQuestionSchema } from './chat-words.js';
import { modelRefSchema } from './models.js';
import { call, nothing, stream } from './route.js';
import { backendChoiceSchema } from './runs.js';

export const chatContract = {
  /** What the model is given and says, as it comes. Leaving the stream stops the answer; the model stays loaded a while. */
  ask: stream(
    chatQuestionSchema.extend({ model: modelRefSchema, backend: backendChoiceSchema.default('auto') }),
    chatNewsSchema,
  ),
  /** Frees the memory of models that are kept for the next question. */
  release: call(nothing, z.strictObject({ released: z.number().int().min(0) })),
};
