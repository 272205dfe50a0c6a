/** A conversation from the command line: what is said so far, how it is asked, and one question through the lab's kept model. */
import type { z } from 'zod';
import {
  chatQuestionSchema,
  type ChatDone,
  type ChatForm,
  type ChatMessage,
  type ChatOpened,
  type ChatPrompt,
  type ChatToken,
  type ChatWish,
} from '../../../preload/contract/chat-words.js';
import { LabError } from '../../lib/errors.js';
import type { ChatModel } from '../../lab/chats/chats.js';
import type { Lab } from '../../lab/lab.js';

export interface ChatSettings {
  system: string;
  form: ChatForm;
  top: number;
  temperature: number | null;
  topP: number | null;
  topK: number | null;
  maxNewTokens: number | null;
  seed: number;
}

export interface Answered {
  readonly question: string;
  readonly opened: ChatOpened | null;
  readonly prompt: ChatPrompt | null;
  readonly tokens: readonly ChatToken[];
  /** Null where it was stopped. */
  readonly done: ChatDone | null;
}

export interface Watching {
  readonly signal: AbortSignal;
  readonly onOpened?: (opened: ChatOpened) => void;
  readonly onPrompt?: (prompt: ChatPrompt) => void;
  readonly onTokens?: (tokens: readonly ChatToken[]) => void;
}

export class ChatSession {
  turns: Answered[] = [];

  constructor(
    private readonly lab: Lab,
    private readonly model: ChatModel,
    readonly settings: ChatSettings,
  ) {}

  reset(): void {
    this.turns = [];
  }

  /** The newest turn that may be looked at. */
  get last(): Answered | null {
    return this.turns.at(-1) ?? null;
  }

  /** Asks and keeps the turn, also one that was stopped in the middle. @throws LabError('usage') for settings out of range */
  async ask(question: string, wish: ChatWish, watching: Watching): Promise<Answered> {
    const { signal, onOpened, onPrompt, onTokens } = watching;
    const asked = this.question(question, wish);
    let [opened, prompt, done]: [ChatOpened | null, ChatPrompt | null, ChatDone | null] = [null, null, null];
    const tokens: ChatToken[] = [];
    for await (const news of this.lab.chats.ask(this.model, asked, signal)) {
      switch (news.kind) {
        case 'opened':
          opened = news;
          onOpened?.(news);
          break;
        case 'prompt':
          prompt = news;
          onPrompt?.(news);
          break;
        case 'tokens':
          tokens.push(...news.tokens);
          onTokens?.(news.tokens);
          break;
        case 'done':
          done = news;
          break;
      }
    }
    const turn = { question, opened, prompt, tokens, done };
    if (wish.kind === 'go') this.turns.push(turn);
    return turn;
  }

  private question(question: string, wish: ChatWish): z.output<typeof chatQuestionSchema> {
    const { system, form, top, ...sampling } = this.settings;
    const messages: ChatMessage[] = system === '' ? [] : [{ role: 'system', content: system }];
    for (const turn of this.turns) {
      messages.push({ role: 'user', content: turn.question }, { role: 'assistant', content: textOf(turn) });
    }
    messages.push({ role: 'user', content: question });
    const parsed = chatQuestionSchema.safeParse({ messages, form, wish, sampling, top });
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new LabError('usage', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}.`);
  }
}

export function textOf({ done, tokens }: Answered): string {
  return done?.text ?? tokens.map(({ piece }) => piece).join('');
}
