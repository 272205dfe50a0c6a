import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { examine } from './doctor.js';
import type { Measurement } from './measure.js';

const folder = mkdtempSync(join(tmpdir(), 'rzero-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

const figures: Measurement = {
  description: 'WebGPU on SwiftShader driver',
  traces: false,
  matmulGflops: 1,
  eagerMicroseconds: 2,
  compiledMicroseconds: 3,
  callMicroseconds: 4,
};

describe('examine', () => {
  it('reports a backend that crashes, one that hangs and one that works, and is not taken along', async () => {
    const probe = join(folder, 'probe.cjs');
    writeFileSync(
      probe,
      `const backend = process.argv[2];
       if (backend === 'tensorflow') { console.error('libcuda is not what it seems'); process.abort(); }
       if (backend === 'webgpu') process.send(${JSON.stringify({ kind: 'measured', measurement: figures })});
       if (backend === 'wasm') setInterval(() => {}, 1000);`,
    );
    const report = await examine({ dataDir: join(folder, 'not', 'made', 'yet'), probe, timeoutMs: 4000 });
    const [tensorflow, webgpu, wasm] = report.backends;
    expect(tensorflow).toMatchObject({ backend: 'tensorflow', usable: false });
    expect(tensorflow?.usable === false && tensorflow.reason).toMatch(/SIGABRT.*libcuda is not what it seems/);
    expect(webgpu).toEqual({ backend: 'webgpu', usable: true, automatic: false, figures });
    expect(wasm?.usable === false && wasm.reason).toMatch(/did not answer within 4 s/);
    // A processor posing as a graphics card works, but is never chosen unasked.
    expect(report.chosen).toBeNull();
    expect(report.disks[0]?.freeBytes).toBeGreaterThan(0);
    expect(report.advice.join()).toMatch(/TensorFlow/);
  });

  it('names the build when the probe is missing', async () => {
    const report = await examine({ dataDir: folder, probe: join(folder, 'nowhere.js') });
    expect(report.backends.every((backend) => !backend.usable && /not built/.test(backend.reason))).toBe(true);
  });
});
