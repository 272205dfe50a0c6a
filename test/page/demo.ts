/** The real page over a port whose other end replays a recorded run. `?upto=N` stops there, `?empty`, `?broken`, `?deaf`. */
import { requestSchema, type ApiReply } from '../../preload/contract/api.js';
import type { RunEvent } from '../../preload/contract/events.js';
import { emptyRun, reduceRun } from '../../preload/contract/run-state.js';
import type { RunInfo } from '../../preload/contract/runs.js';
import { clientPort, LabClient } from '../../renderer/lab-client.js';
import { mountLab } from '../../renderer/mount.js';
import recorded from '../fixtures/nano-events.jsonl?raw';

const wish = new URLSearchParams(window.location.search);
const all = recorded
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RunEvent)
  .slice(0, Number(wish.get('upto') ?? Number.POSITIVE_INFINITY));
/** Told as if the last event had just happened, so that rates and remaining times make sense. */
const late = Date.now() - (all.at(-1)?.time ?? 0);
const events = all.map((event) => ({ ...event, time: event.time + late }));

function info(): RunInfo {
  const view = events.reduce(reduceRun, emptyRun('nano-sample'));
  const { iteration, phase } = view.progress ?? { iteration: view.iterations, phase: 'evaluation' as const };
  return {
    id: view.run,
    name: view.name,
    recipe: view.recipe,
    seed: view.seed,
    state: view.state === 'waiting' ? 'created' : view.state,
    backend: view.backend,
    cursor: { iteration, phase, step: 0 },
    iterations: view.iterations,
    createdAt: events[0]?.time ?? 0,
    updatedAt: view.updatedAt,
    activeSeconds: 0,
    directory: '/data/runs/nano-sample',
    error: null,
    summaries: [...view.summaries],
  };
}

function replay(port: MessagePort): void {
  const post = (reply: ApiReply): void => port.postMessage(reply);
  port.onmessage = ({ data }) => {
    const request = requestSchema.parse(data);
    if (request.kind === 'close') return;
    const { id } = request;
    if (request.kind === 'open') for (const item of events) post({ kind: 'item', id, item });
    else if (request.name === 'runs.list') post({ kind: 'result', id, output: wish.has('empty') ? [] : [info()] });
    else
      post({ kind: 'error', id, error: { code: 'engine', message: 'A recording cannot be changed.', remedy: null } });
    if (wish.has('broken')) {
      const error = {
        code: 'database',
        message: 'The record cannot be read: the disk image is malformed.',
        remedy: 'Restore it.',
      };
      post({ kind: 'error', id, error });
    }
  };
}

const lab = mountLab('#app');
if (!wish.has('deaf')) {
  const { port1, port2 } = new MessageChannel();
  replay(port1);
  lab.connect(new LabClient(clientPort(port2)));
}
