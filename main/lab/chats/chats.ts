/**
 * Models that are being tried. Each stays loaded between questions, so that the next one begins at once, and is let go when
 * nobody asked it anything for some minutes, when others are wanted in its place, or when a run begins and needs the memory.
 */
import type { ChatNews, ChatQuestion } from '../../../preload/contract/chat-words.js';
import { LabError } from '../../lib/errors.js';
import { KeptModel, type ChatInput, type ChatLauncher } from './kept-model.js';

/** Two can be compared side by side. */
const MOST = 2;
const REST_MS = 5 * 60_000;

export interface ChatModel {
  readonly input: ChatInput;
  /** Changes when the same name means other weights: a checkpoint of a run. */
  readonly version: string;
}

interface Entry {
  readonly model: KeptModel;
  /** Counts up: the entry with the lowest was used the longest ago. */
  used: number;
  timer: NodeJS.Timeout | undefined;
  /** To be let go as soon as it has answered. */
  leaving: boolean;
}

export class Chats {
  private readonly entries = new Map<string, Entry>();
  private uses = 0;

  constructor(
    private readonly launch: ChatLauncher,
    private readonly restMs = REST_MS,
  ) {}

  /** What it says, as it says it. Whoever leaves stops the answer; the model stays. */
  async *ask(wanted: ChatModel, question: ChatQuestion, signal?: AbortSignal): AsyncGenerator<ChatNews, void> {
    if (signal?.aborted) return;
    const inbox = new Inbox(signal);
    const stop = this.entryFor(wanted).model.ask(question, inbox);
    try {
      yield* inbox.read();
    } finally {
      stop();
    }
  }

  /** How many models are loaded. */
  get loaded(): number {
    return this.entries.size;
  }

  /** Lets go of what nobody waits for, and of the rest when it has answered. @returns how many went at once */
  release(): number {
    let released = 0;
    for (const [key, entry] of this.entries) {
      if (entry.model.busy) entry.leaving = true;
      else {
        this.drop(key);
        released += 1;
      }
    }
    return released;
  }

  /** Ends all at once. Settles when their processes are gone. */
  async close(): Promise<void> {
    const gone = [...this.entries.values()].map(({ model }) => model.gone);
    for (const key of [...this.entries.keys()]) this.drop(key);
    await Promise.all(gone);
  }

  private entryFor({ input, version }: ChatModel): Entry {
    const place = JSON.stringify([input.model, input.checkpoint, input.role, input.backend]);
    const key = `${place} ${version}`;
    // Earlier weights of the same name are wanted no more.
    for (const [old, { model }] of this.entries) {
      if (old !== key && old.startsWith(`${place} `) && !model.busy) this.drop(old);
    }
    const known = this.entries.get(key);
    if (!known) this.makeRoom();
    const entry = known ?? this.open(key, input);
    clearTimeout(entry.timer);
    entry.used = ++this.uses;
    return entry;
  }

  private open(key: string, input: ChatInput): Entry {
    const model = new KeptModel(this.launch, input, () => this.rest(key));
    const entry: Entry = { model, used: 0, timer: undefined, leaving: false };
    this.entries.set(key, entry);
    void model.gone.then(() => {
      if (this.entries.get(key) === entry) this.drop(key);
    });
    return entry;
  }

  private makeRoom(): void {
    if (this.entries.size < MOST) return;
    const idle = [...this.entries].filter(([, { model }]) => !model.busy).sort(([, a], [, b]) => a.used - b.used);
    const [oldest] = idle;
    if (!oldest) {
      throw new LabError('busy', `${MOST} models of this lab are already answering.`, {
        remedy: 'Wait until one is done, or stop it.',
      });
    }
    this.drop(oldest[0]);
  }

  /** Nobody waits for it just now. */
  private rest(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    if (entry.leaving) {
      this.drop(key);
      return;
    }
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => this.drop(key), this.restMs);
    entry.timer.unref();
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    this.entries.delete(key);
    clearTimeout(entry?.timer);
    entry?.model.close();
  }
}

/** News on their way to somebody slower: tokens that wait are put together, nothing is lost. */
class Inbox {
  private waiting: ChatNews[] = [];
  private failure: { readonly error: unknown } | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly signal: AbortSignal | undefined) {
    signal?.addEventListener('abort', () => this.wake(), { once: true });
  }

  readonly news = (news: ChatNews): void => {
    const last = this.waiting.at(-1);
    if (news.kind === 'tokens' && last?.kind === 'tokens') {
      this.waiting[this.waiting.length - 1] = { ...last, tokens: [...last.tokens, ...news.tokens] };
    } else this.waiting.push(news);
    this.wake();
  };

  readonly failed = (error: unknown): void => {
    this.failure ??= { error };
    this.wake();
  };

  async *read(): AsyncGenerator<ChatNews, void> {
    for (;;) {
      for (const news of this.waiting.splice(0)) {
        yield news;
        if (news.kind === 'done') return;
      }
      if (this.signal?.aborted) return;
      if (this.failure) throw this.failure.error;
      if (this.waiting.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
