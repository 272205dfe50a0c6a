/** The asking end of the contract over one port: typed calls and streams; what arrives is validated. */
import {
  calls,
  replySchema,
  streams,
  type ApiFailure,
  type ApiRequest,
  type CallInput,
  type CallName,
  type CallOutput,
  type StreamInput,
  type StreamItem,
  type StreamName,
} from '../preload/contract/api.js';

export interface ClientPort {
  post(request: ApiRequest): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** A failure of the lab, or of the way to it, as the page shows it. */
export class LabFailure extends Error {
  readonly code: string;
  readonly remedy: string | null;

  constructor({ code, message, remedy }: ApiFailure) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

interface Waiting {
  take(value: unknown): void;
  fail(error: LabFailure): void;
}

export class LabClient {
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;

  constructor(private readonly port: ClientPort) {
    port.onMessage((message) => this.receive(message));
  }

  call<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> {
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, {
        take: (value) => {
          this.waiting.delete(id);
          const output = calls[name].output.safeParse(value);
          if (output.success) resolve(output.data as CallOutput<K>);
          else reject(unexpected(name));
        },
        fail: (error) => {
          this.waiting.delete(id);
          reject(error);
        },
      });
      this.port.post({ kind: 'call', id, name, input });
    });
  }

  /** Returns how to end the stream. */
  stream<K extends StreamName>(
    name: K,
    input: StreamInput<K>,
    on: { item(item: StreamItem<K>): void; error(error: LabFailure): void },
  ): () => void {
    const id = this.next++;
    this.waiting.set(id, {
      take: (value) => {
        const item = streams[name].item.safeParse(value);
        if (item.success) on.item(item.data as StreamItem<K>);
        else on.error(unexpected(name));
      },
      fail: (error) => on.error(error),
    });
    this.port.post({ kind: 'open', id, name, input });
    return () => {
      if (this.waiting.delete(id)) this.port.post({ kind: 'close', id });
    };
  }

  private receive(message: unknown): void {
    const reply = replySchema.safeParse(message);
    if (!reply.success) return;
    const waiting = this.waiting.get(reply.data.id);
    switch (reply.data.kind) {
      case 'result':
        waiting?.take(reply.data.output);
        return;
      case 'item':
        waiting?.take(reply.data.item);
        return;
      case 'error':
        waiting?.fail(new LabFailure(reply.data.error));
        return;
    }
  }
}

function unexpected(name: string): LabFailure {
  return new LabFailure({
    code: 'internal',
    message: `The lab's answer to ${name} is not what this page knows.`,
    remedy: 'Start the application again: page and lab are of different versions.',
  });
}

/** A port of the browser, as the client wants it. */
export function clientPort(port: MessagePort): ClientPort {
  return {
    post: (request) => port.postMessage(request),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data));
      port.start();
    },
  };
}
