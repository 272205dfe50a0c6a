/** What a judge would do, or has done, as lines of text. Pure. */
import type { JudgePlan, JudgeSubject } from '../../../preload/contract/oracles.js';
import type { JudgeProgress } from '../../oracles/judge.js';
import { counted, grouped, printable } from './format.js';

const dollars = (usd: number): string => `$${usd.toFixed(usd < 1 ? 4 : 2)}`;

export function planText(plan: JudgePlan, subject: JudgeSubject): string[] {
  const what = subject === 'labels' ? 'kept questions' : 'answers that the rules did not call right';
  return [
    `${grouped(plan.items)} of ${grouped(plan.frame)} ${what} chosen, ${grouped(plan.decided)} of them answered`,
    `${counted(plan.toAsk, 'request')} to ${printable(plan.host)}${cachedText(plan)}`,
    `at most about ${counted(plan.inputTokens, 'token')} in and ${grouped(plan.outputTokens)} out${
      plan.usd === null ? '' : `, ${dollars(plan.usd)}`
    }`,
    'Nothing was sent.',
  ];
}

/** Of equal questions with equal labels one is asked, whether before or now. */
function cachedText({ cached }: JudgePlan): string {
  if (cached === 0) return '';
  return `; ${counted(cached, 'answer')} ${cached === 1 ? 'needs' : 'need'} none: asked before, or the same question and label twice, which is asked once`;
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

const nothingSaid = ({ left }: Done): string => (left === 0 ? 'nothing was left to ask' : 'no verdict');

export function doneText(done: Done): string[] {
  const { state, verdicts, requests, cached, retries, inputTokens, outputTokens, usd, left, decided, total } = done;
  const said = Object.entries(verdicts).filter(([, count]) => count > 0);
  return [
    `${STATES[state] ?? state}: ${grouped(decided)} of ${grouped(total)} answered`,
    `this call: ${said.length === 0 ? nothingSaid(done) : said.map(([name, count]) => `${grouped(count)} ${name}`).join(', ')}`,
    `${counted(requests, 'request')} to ${printable(done.host)} (${grouped(retries)} repeated), ${counted(cached, 'answer')} from the cache`,
    `${counted(inputTokens, 'token')} in, ${grouped(outputTokens)} out${usd === null ? '' : `, ${dollars(usd)}`}`,
    ...(done.trouble === null ? [] : [`last trouble: ${printable(done.trouble)}`]),
    ...(left > 0 ? [`${grouped(left)} ${left === 1 ? 'is' : 'are'} left: call again to go on.`] : []),
  ];
}
