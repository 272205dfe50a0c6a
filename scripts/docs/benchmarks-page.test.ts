import { describe, expect, it } from 'vitest';
import { benchmarksPage, type Recorded } from './benchmarks-page.js';

const recorded: Recorded = {
  bench: 'rollouts',
  date: '2025-11-23',
  command: 'npm run bench -- rollouts 5',
  commit: 'abc1234',
  machine: { processor: 'CPU|X', cores: 2, memoryGib: 24, system: 'linux 6' },
  versions: { node: '20.20.2', torch: '2.15.0' },
  results: [
    {
      bench: 'rollouts',
      tokensPerSecond: 410.5,
      peer: { options: '--batch 64', ratio: { median: 2.1, low: 2, high: 2.4 }, seconds: null },
      tables: [
        { part: 'votes', points: [{ size: 1, ms: 2 }], exponent: 0.98 },
        { part: 'pairs', points: [], exponent: 1.8 },
      ],
    },
  ],
};

describe('benchmarksPage', () => {
  // Would catch: figures that are lost, merged or rounded on their way to the page.
  it('shows every figure of every benchmark, with how it was measured', async () => {
    const text = await benchmarksPage(
      [recorded, { ...recorded, bench: 'another', results: [] }],
      '## Where time goes\n',
    );
    expect(text).toContain('`npm run bench -- rollouts 5`, 2025-11-23, commit abc1234. CPU|X, 2 cores, 24 GiB');
    expect(text).toContain('torch 2.15.0');
    const cells = text.split('\n').map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
    const row = (name: string): string[] | undefined => cells.find((line) => line[1] === name)?.slice(1, -1);
    expect(row('tokensPerSecond')).toEqual(['tokensPerSecond', '410.5']);
    expect(row('peer.options')).toEqual(['peer.options', '--batch 64']);
    expect(row('peer.ratio')).toEqual(['peer.ratio', '2.1 (2 to 2.4)']);
    expect(row('peer.seconds')).toEqual(['peer.seconds', '']);
    expect(row('votes')).toEqual(['votes', '1: 2', '0.98']);
    expect(row('pairs')).toEqual(['pairs', '[]', '1.8']);
    expect(text.indexOf('## another')).toBeLessThan(text.indexOf('## rollouts'));
    expect(text.trimEnd().endsWith('## Where time goes')).toBe(true);
  });
});
