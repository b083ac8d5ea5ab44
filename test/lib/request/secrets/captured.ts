/** What a process writes: log lines, metrics, and whatever else goes to its output. */
import { jest } from '@jest/globals';
import { logger } from '../../../../lib/log.ts';

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;

/** Collects everything that is written until `end`, at the most talkative log level and with metrics. */
export function capture(): { readonly lines: readonly string[]; end(): void } {
  const lines: string[] = [];
  const level = logger.getLevelName();
  const disabled = process.env.POWERTOOLS_METRICS_DISABLED;
  logger.setLogLevel('TRACE');
  delete process.env.POWERTOOLS_METRICS_DISABLED;
  const keep = (text: unknown): true => {
    lines.push(String(text));
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(keep),
    jest.spyOn(process.stderr, 'write').mockImplementation(keep),
    ...METHODS.map((method) =>
      jest.spyOn(console, method).mockImplementation((...values) => {
        for (const value of values) keep(inspected(value));
      }),
    ),
  ];
  return {
    lines,
    end() {
      for (const spy of spies) spy.mockRestore();
      logger.setLogLevel(level);
      if (disabled !== undefined) process.env.POWERTOOLS_METRICS_DISABLED = disabled;
    },
  };
}

const inspected = (value: unknown): string =>
  value instanceof Error
    ? `${value.stack} ${inspected(value.cause ?? '')} ${JSON.stringify(value)}`
    : (JSON.stringify(value) ?? '');
