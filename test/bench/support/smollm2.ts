/**
 * SmolLM2-135M-Instruct and what it is asked in measurements: word problems through its chat template. RZERO_SMOLLM2 names
 * its folder (npm run model:smollm2 makes it, and npm run bench names it).
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { loadShipped } from '../../../main/benchmarks/benchmark.js';
import { domainNamed } from '../../../main/coevolution/named-domain.js';
import { promptText } from '../../../main/engine/prompt-text.js';

export function smollm2Folder(): string {
  const folder = process.env['RZERO_SMOLLM2'];
  if (!folder) throw new Error('RZERO_SMOLLM2 must name the folder that npm run --silent model:smollm2 prints.');
  return folder;
}

/** Word problems as the model is given them, spread over their levels. */
export function wordPrompts(model: Parameters<typeof promptText>[0], count: number): string[] {
  const domain = domainNamed('word-problems');
  const { questions } = loadShipped('word-problems-test');
  return Array.from({ length: count }, (_, i) => {
    const { question } = questions[Math.floor((i * questions.length) / count)] as { question: string };
    return promptText(model, domain.solverPrompt(question));
  });
}

/** Most memory that this process has had since it began, in bytes; NaN where the system does not say. */
export function peakMemory(): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return NaN;
  }
}
