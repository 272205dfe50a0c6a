/** One model kept loaded in an engine process of its own, and the questions it works on. */
import type { ChatCall, ChatNews, ChatOpened, ChatQuestion, ChatReply } from '../../../preload/contract/chat-words.js';
import type { TaskInput, TaskOutput } from '../../../preload/contract/tasks.js';
import { LabError, type ErrorCode } from '../../lib/errors.js';
import type { TaskOptions } from '../engine-task.js';

export type ChatInput = Omit<TaskInput<'chat'>, 'dataDir'>;
export type ChatLauncher = (input: ChatInput, options: TaskOptions<'chat'>) => Promise<TaskOutput<'chat'>>;

/** Whoever asked one question. */
export interface Asker {
  readonly news: (news: ChatNews) => void;
  readonly failed: (error: unknown) => void;
}

export class KeptModel {
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  private readonly stop = new AbortController();
  private readonly askers = new Map<number, Asker>();
  private readonly unsaid: ChatCall[] = [];
  private say: ((word: unknown) => void) | null = null;
  private opened: ChatOpened | null = null;
  private calls = 0;

  /** @param onIdle called when the last question is answered */
  constructor(
    launch: ChatLauncher,
    input: ChatInput,
    private readonly onIdle: () => void,
  ) {
    const work = launch(input, {
      signal: this.stop.signal,
      onOpen: (say) => {
        this.say = say;
        for (const word of this.unsaid.splice(0)) say(word);
      },
      onPartial: (reply) => this.hear(reply),
    });
    this.gone = work.then(
      () => this.failAll(new LabError('engine', 'The model was released before it had answered.')),
      (error: unknown) => this.failAll(error),
    );
  }

  get busy(): boolean {
    return this.askers.size > 0;
  }

  /** @returns how to stop it */
  ask(question: ChatQuestion, asker: Asker): () => void {
    const call = ++this.calls;
    this.askers.set(call, asker);
    if (this.opened) asker.news(this.opened);
    this.tell({ type: 'ask', call, question });
    return () => {
      if (this.askers.has(call)) this.tell({ type: 'stop', call });
      this.leave(call);
    };
  }

  /** Ends the process at once. */
  close(): void {
    this.stop.abort();
  }

  private tell(word: ChatCall): void {
    if (this.say) this.say(word);
    else this.unsaid.push(word);
  }

  private hear(reply: ChatReply): void {
    if (reply.type === 'news' && reply.news.kind === 'opened') {
      this.opened = reply.news;
      for (const asker of this.askers.values()) asker.news(reply.news);
      return;
    }
    const asker = this.askers.get(reply.call);
    if (reply.type === 'failed') {
      this.leave(reply.call);
      // The engine's codes are the lab's; a newer one may have more.
      const remedy = reply.remedy === null ? {} : { remedy: reply.remedy };
      asker?.failed(new LabError(reply.code as ErrorCode, reply.message, remedy));
      return;
    }
    asker?.news(reply.news);
    if (reply.news.kind === 'done') this.leave(reply.call);
  }

  private leave(call: number): void {
    if (this.askers.delete(call) && this.askers.size === 0) this.onIdle();
  }

  private failAll(error: unknown): void {
    const askers = [...this.askers.values()];
    this.askers.clear();
    for (const asker of askers) asker.failed(error);
  }
}
