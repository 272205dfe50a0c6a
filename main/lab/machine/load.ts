/** What the machine and the lab's processes do, from one look to the next. Looked at only while somebody asks. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { LabProcess, MachineLoad } from '../../../preload/contract/system.js';
import { GpuWatch } from './gpu.js';
import { processUse } from '../../lib/process-use.js';

export type Watched = Pick<LabProcess, 'pid' | 'kind' | 'run' | 'title'>;

export class LoadMeter {
  private readonly gpu = new GpuWatch();
  private cpu: { busy: number; all: number } | null = null;
  private used = new Map<number, { seconds: number; at: number }>();

  /** Shares and cores are since the last look; the first has none. */
  async look(watched: readonly Watched[]): Promise<MachineLoad> {
    const [gpus, processes] = await Promise.all([this.gpu.read(), this.processes(watched)]);
    return {
      time: Date.now(),
      cores: availableParallelism(),
      busy: this.busyShare(),
      memory: { total: totalmem(), available: availableMemory() },
      processes,
      gpus,
    };
  }

  private busyShare(): number | null {
    let [busy, all] = [0, 0];
    for (const { times } of cpus()) {
      const sum = times.user + times.nice + times.sys + times.idle + times.irq;
      all += sum;
      busy += sum - times.idle;
    }
    const before = this.cpu;
    this.cpu = { busy, all };
    if (!before || all <= before.all) return null;
    return Math.min(1, Math.max(0, (busy - before.busy) / (all - before.all)));
  }

  private async processes(watched: readonly Watched[]): Promise<LabProcess[]> {
    const before = this.used;
    this.used = new Map();
    const found = await Promise.all(watched.map(async (one) => ({ one, use: await processUse(one.pid) })));
    return found.map(({ one, use: { memory, seconds } }) => {
      const at = performance.now();
      const last = before.get(one.pid);
      if (seconds !== null) this.used.set(one.pid, { seconds, at });
      const cores =
        seconds === null || !last || at <= last.at ? null : (1000 * (seconds - last.seconds)) / (at - last.at);
      return { ...one, memory, cores: cores === null ? null : Math.max(0, cores) };
    });
  }
}

/** Linux counts what it can give back, which the free memory of `os` leaves out. */
function availableMemory(): number {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
    if (kilobytes !== undefined) return 1024 * Number(kilobytes);
  } catch {
    // Not Linux.
  }
  return freemem();
}
