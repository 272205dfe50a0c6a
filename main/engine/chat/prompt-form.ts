/** A conversation as the one text a model is given. */
import type { ChatForm, ChatMessage, ChatPrompt } from '../../../preload/contract/chat-words.js';
import { LabError } from '../../lib/errors.js';
import { askedBy } from '../asked-by.js';
import type { OpenedModel } from '../open-model.js';
import { promptText } from '../prompt-text.js';
import { shippedKin } from '../shipped-kin.js';

export interface FormedPrompt {
  readonly form: ChatPrompt['form'];
  readonly text: string;
}

/** @param reference the model as it was named */
export function formPrompt(
  opened: OpenedModel,
  { messages, form }: { readonly messages: readonly ChatMessage[]; readonly form: ChatForm },
  reference: string,
): FormedPrompt {
  const chosen = form === 'auto' ? usualForm(opened, reference) : form;
  switch (chosen) {
    case 'template': {
      const { chatTemplate } = opened.model;
      if (chatTemplate) return { form: chosen, text: chatTemplate.render(messages, { addGenerationPrompt: true }) };
      throw new LabError('usage', 'This model has no chat template.', {
        remedy: 'Send the conversation as plain text.',
      });
    }
    case 'plain':
      return { form: chosen, text: messages.map(({ content }) => content).join('') };
    case 'question': {
      const { domain } = askedBy(opened, null, reference);
      const question = messages.at(-1)?.content ?? '';
      return { form: chosen, text: promptText(opened.model, domain.solverPrompt(question)) };
    }
  }
}

function usualForm({ model, recipe }: OpenedModel, reference: string): ChatPrompt['form'] {
  if (model.chatTemplate) return 'template';
  const known = recipe !== null || reference.startsWith('builtin:') || shippedKin(model) !== null;
  return known ? 'question' : 'plain';
}
