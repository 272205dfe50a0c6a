/** The serving end of the contract over one port: validates, calls the handlers, answers; ends its streams with the port. */
import {
  calls,
  requestSchema,
  streams,
  type ApiFailure,
  type ApiReply,
  type ApiRequest,
  type CallHandlers,
  type StreamHandlers,
} from '../../preload/contract/api.js';
import { describeError, LabError } from '../lib/errors.js';

export interface ServerPort {
  post(reply: ApiReply): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

export interface ApiHandlers {
  readonly calls: CallHandlers;
  readonly streams: StreamHandlers;
}

/** A page that asks for more than this at once is not ours. */
const MAX_STREAMS = 64;

export function serveApi(port: ServerPort, handlers: ApiHandlers): void {
  const open = new Map<number, () => void>();
  const fail = (id: number, error: unknown): void => port.post({ kind: 'error', id, error: failureOf(error) });
  const handle = async (request: ApiRequest): Promise<void> => {
    switch (request.kind) {
      case 'call':
        port.post({ kind: 'result', id: request.id, output: await call(handlers.calls, request) });
        return;
      case 'open':
        if (open.has(request.id) || open.size >= MAX_STREAMS) throw new LabError('usage', 'Too many streams are open.');
        open.set(
          request.id,
          openStream(handlers.streams, request, (item) => port.post({ kind: 'item', id: request.id, item })),
        );
        return;
      case 'close':
        open.get(request.id)?.();
        open.delete(request.id);
        return;
    }
  };
  port.onMessage((raw) => {
    const request = requestSchema.safeParse(raw);
    if (request.success) handle(request.data).catch((error: unknown) => fail(request.data.id, error));
    else fail(idOf(raw), new LabError('usage', `Not a request of this contract: ${issueOf(request.error)}`));
  });
  port.onClose(() => {
    for (const end of open.values()) end();
    open.clear();
  });
}

async function call(handlers: CallHandlers, request: Extract<ApiRequest, { kind: 'call' }>): Promise<unknown> {
  const { name } = request;
  const input = calls[name].input.safeParse(request.input);
  if (!input.success) throw new LabError('usage', `${name}: ${issueOf(input.error)}`);
  // Schema and handler of one name belong together; TypeScript cannot see that across a union of names.
  const handler = handlers[name] as (input: unknown) => unknown;
  return await handler(input.data);
}

function openStream(
  handlers: StreamHandlers,
  request: Extract<ApiRequest, { kind: 'open' }>,
  emit: (item: unknown) => void,
): () => void {
  const { name } = request;
  const input = streams[name].input.safeParse(request.input);
  if (!input.success) throw new LabError('usage', `${name}: ${issueOf(input.error)}`);
  return handlers[name](input.data, emit);
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

function issueOf(error: Issues): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.map(String).join('.')}: ${issue.message}` : 'not valid';
}

function idOf(raw: unknown): number {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 ? id : 0;
}

function failureOf(error: unknown): ApiFailure {
  if (error instanceof LabError) return { code: error.code, message: error.message, remedy: error.remedy ?? null };
  return { code: 'internal', message: describeError(error), remedy: null };
}
