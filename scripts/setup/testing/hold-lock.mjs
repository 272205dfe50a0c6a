/** A process for the lock's tests: adds to a counter under the lock, or holds the lock until it is killed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../lock.mjs';

const [lock, counter, times] = process.argv.slice(2);
for (let i = 0; i < Number(times); i += 1) {
  await withLock(
    String(lock),
    async () => {
      const value = Number(readFileSync(String(counter), 'utf8'));
      await sleep(1);
      writeFileSync(String(counter), String(value + 1));
    },
    { pollMs: 2 },
  );
}
if (times === 'hold')
  await withLock(
    String(lock),
    () => new Promise(() => process.stdout.write('held\n') && setInterval(() => undefined, 1000)),
  );
