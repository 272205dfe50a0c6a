/**
 * An engine process that computes nothing: it speaks the contract's messages and behaves as RZERO_FAKE says. Sequence
 * numbers start at RZERO_FAKE_FROM. Behaviours: finish, wait (until asked to pause), crash, early (dies before it is ready),
 * nonsense (breaks the contract), fail (reports an error), stubborn (never exits), deaf (never ready).
 */
const behaviour = process.env.RZERO_FAKE ?? 'finish';
let sequence = Number(process.env.RZERO_FAKE_FROM ?? 0);
let run = '';

const event = (body) =>
  process.send({ type: 'event', event: { run, sequence: sequence++, time: Date.now(), ...body } });
const end = (outcome, error = null) => {
  process.send({ type: 'ended', runId: run, outcome, error });
  if (behaviour !== 'stubborn') setTimeout(() => process.exit(outcome === 'failed' ? 1 : 0), 20);
};
const place = { iteration: 1, phase: 'challenger' };

function start(command) {
  run = command.runId;
  const about = { name: 'fake', recipe: 'nano', seed: 1, iterations: 1, backend: command.backend, oracle: true };
  event({ type: 'run.started', ...about, resumed: sequence > 0 });
  event({ type: 'phase.started', ...place, total: 2, done: 0 });
  event({ type: 'step.finished', ...place, step: 0, metrics: { reward: 0.5 } });
  console.log('something a native library prints on stdout');
  if (behaviour === 'crash') {
    console.error('terminate called: out of luck');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
  } else if (behaviour === 'nonsense') {
    process.send({ type: 'event', event: { run, sequence: 'three', type: 'run.finished' } });
  } else if (behaviour === 'fail') {
    end('failed', { code: 'disk', message: 'The disk is full.', remedy: 'Make room.' });
  } else if (behaviour === 'finish' || behaviour === 'stubborn') {
    event({ type: 'run.finished', summaries: [], seconds: 1 });
    end('finished');
  }
}

function pause(reason) {
  if (run !== '') event({ type: 'run.paused', ...place, step: 1, reason });
  end('paused');
}

if (behaviour === 'early') process.exit(3);
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (command) => {
  if (command.type === 'run') start(command);
  else if (behaviour === 'wait') pause('asked to pause');
});
if (behaviour === 'deaf') setInterval(() => undefined, 1000);
else process.send({ type: 'ready' });
