/** What may be typed behind a slash in a conversation. Changes settings; what has to be shown or written is handed back. */
import { LabError } from '../../lib/errors.js';
import type { ChatSession } from './chat-session.js';

export type ChatOutcome =
  | { readonly kind: 'quit' | 'probabilities' }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'save'; readonly file: string };

export const CHAT_HELP = `/system TEXT       what is said to the model first (nothing: take it back)
/reset             a new conversation
/probs             the last answer token by token, with what else might have stood there
/temperature T     0 is greedy (nothing: as the model's folder advises)
/seed N            for sampling
/save FILE         the conversation with all probabilities, as JSON
/quit              leave`;

/** @throws LabError('usage') with what can be done */
export function runChatCommand(session: ChatSession, line: string): ChatOutcome {
  const [name = '', ...rest] = line.slice(1).split(' ');
  const value = rest.join(' ').trim();
  const { settings } = session;
  const say = (text: string): ChatOutcome => ({ kind: 'say', text });
  switch (name) {
    case 'system':
      settings.system = value;
      return say(value === '' ? 'No system message.' : 'The next question is asked with it.');
    case 'reset':
      session.reset();
      return say('A new conversation.');
    case 'probs':
      return { kind: 'probabilities' };
    case 'temperature':
      settings.temperature = value === '' ? null : number(value, { name: 'The temperature', from: 0, to: 10 });
      return say(`Temperature ${settings.temperature ?? 'as advised'}.`);
    case 'seed':
      settings.seed = whole(value);
      return say(`Seed ${settings.seed}.`);
    case 'save':
      if (value === '') throw new LabError('usage', 'A file has to be named.', { remedy: '/save FILE' });
      return { kind: 'save', file: value };
    case 'help':
      return say(CHAT_HELP);
    case 'quit':
    case 'exit':
      return { kind: 'quit' };
    default:
      throw new LabError('usage', `There is no command /${name}.`, { remedy: '/help lists them.' });
  }
}

function number(text: string, { name, from, to }: { name: string; from: number; to: number }): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= from && value <= to) return value;
  throw new LabError('usage', `${name} is a number from ${from} to ${to}, not "${text}".`);
}

function whole(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new LabError('usage', `A seed is a whole number from 0, not "${text}".`);
}
