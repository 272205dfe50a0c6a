import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../preload/contract/events.js';
import { EventFeed } from './event-feed.js';

const event = (sequence: number): RunEvent => ({
  run: 'r',
  sequence,
  time: 0,
  type: 'log',
  level: 'info',
  message: '',
});

function feedOver(stored: RunEvent[]): EventFeed {
  return new EventFeed((after) => stored.filter((e) => e.sequence > after));
}

describe('EventFeed', () => {
  it('replays after the given sequence and goes on live, each event once', () => {
    const stored = [0, 1, 2, 3].map(event);
    const feed = feedOver(stored);
    const seen: number[] = [];
    feed.subscribe((e) => seen.push(e.sequence), 1);
    feed.publish(event(3));
    feed.publish(event(4));
    expect(seen).toEqual([2, 3, 4]);
  });

  it('fills a gap in the live stream from the record', () => {
    const stored = [event(0)];
    const feed = feedOver(stored);
    const seen: number[] = [];
    feed.subscribe((e) => seen.push(e.sequence), -1);
    stored.push(event(1), event(2), event(3));
    feed.publish(event(3));
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('accepts numbers that were only said and never stored', () => {
    const feed = feedOver([event(0), event(5)]);
    const seen: number[] = [];
    feed.subscribe((e) => seen.push(e.sequence), -1);
    feed.publish(event(9));
    expect(seen).toEqual([0, 5, 9]);
  });

  it('stops with the subscription', () => {
    const feed = feedOver([]);
    const seen: number[] = [];
    const stop = feed.subscribe((e) => seen.push(e.sequence), -1);
    stop();
    feed.publish(event(0));
    expect(seen).toEqual([]);
    expect(feed.size).toBe(0);
  });
});
