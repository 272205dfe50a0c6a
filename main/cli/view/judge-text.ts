/** What a judge would do, or has done, as lines of text. Pure. */
import type { JudgePlan, JudgeSubject } from '../../../preload/contract/oracles.js';
import type { JudgeProgress } from '../../oracles/judge.js';
import { grouped, printable } from './format.js';

const dollars = (usd: number): string => `$${usd.toFixed(usd < 1 ? 4 : 2)}`;

export function planText(plan: JudgePlan, subject: JudgeSubject): string[] {
  const what = subject === 'labels' ? 'kept questions' : 'answers that the rules did not call right';
  return [
    `${grouped(plan.items)} of ${grouped(plan.frame)} ${what} chosen, ${grouped(plan.decided)} of them answered`,
    `${grouped(plan.toAsk)} requests to ${printable(plan.host)}, ${grouped(plan.cached)} answers are at hand already`,
    `at most about ${grouped(plan.inputTokens)} tokens in and ${grouped(plan.outputTokens)} out${
      plan.usd === null ? '' : `, ${dollars(plan.usd)}`
    }`,
    'Nothing was sent.',
  ];
}

const STATES: Readonly<Record<string, string>> = {
  done: 'Done',
  spent: 'The budget is spent',
  rested: 'Paused',
  failed: 'Stopped',
};

export interface Done extends JudgeProgress {
  readonly state: string;
  readonly host: string;
}

export function doneText(done: Done): string[] {
  const { state, verdicts, requests, cached, retries, inputTokens, outputTokens, usd, left, decided, total } = done;
  const said = Object.entries(verdicts).filter(([, count]) => count > 0);
  return [
    `${STATES[state] ?? state}: ${grouped(decided)} of ${grouped(total)} answered`,
    `this call: ${said.length === 0 ? 'no verdict' : said.map(([name, count]) => `${grouped(count)} ${name}`).join(', ')}`,
    `${grouped(requests)} requests to ${printable(done.host)} (${grouped(retries)} repeated), ${grouped(cached)} answers from the cache`,
    `${grouped(inputTokens)} tokens in, ${grouped(outputTokens)} out${usd === null ? '' : `, ${dollars(usd)}`}`,
    ...(done.trouble === null ? [] : [`last trouble: ${printable(done.trouble)}`]),
    ...(left > 0 ? [`${grouped(left)} are left: call again to go on.`] : []),
  ];
}
