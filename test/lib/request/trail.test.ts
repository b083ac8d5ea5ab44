import { describe, expect, test } from '@jest/globals';
import { trailOf } from '../../../lib/request/request-log.ts';

describe('The trail of a request', () => {
  test('is one for all who ask for it with the event', () => {
    const event = { rawPath: '/' };
    trailOf(event).record.operation = 'discover';
    expect(trailOf(event).record.operation).toBe('discover');
  });

  test('leaves no mark in the JSON of the event', () => {
    const event = { rawPath: '/' };
    trailOf(event);
    expect(JSON.stringify(event)).toBe('{"rawPath":"/"}');
  });

  test('is there for an event that takes no property', () => {
    const event = Object.freeze({ rawPath: '/' });
    trailOf(event).record.operation = 'discover';
    expect(trailOf(event).record.operation).toBe('discover');
  });

  test('is not that of the event that this one is a copy of', () => {
    const event = { rawPath: '/' };
    trailOf(event).answerHeaders = { Vary: 'Origin' };
    expect(trailOf({ ...event }).answerHeaders).toBeUndefined();
  });
});
