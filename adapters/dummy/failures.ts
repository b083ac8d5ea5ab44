/** Failures that the settings inject, for tests and for clients under development (ADR-2). */
import type { KindAdapter } from '../../lib/adapter/contract.ts';
import { OcciError } from '../../lib/errors.ts';
import type { KindTerm } from '../../lib/occi/kinds/index.ts';
import type { DummySettings, Method, Spot } from './config.ts';

type Provoked = DummySettings['fail'];

/** Calls so far in this container, by spot. */
export type CallCounts = Map<string, number>;

/** Throws `internal`, naming the setting, when the settings inject failures outside a local run. */
export function requireLocal(settings: DummySettings, local: boolean): void {
  if (local) return;
  const spot = Object.keys(settings.fail)[0];
  const key = spot !== undefined ? `fail.${spot}` : settings.boot === 'error' ? 'boot' : undefined;
  if (key === undefined) return;
  throw new OcciError(
    'internal',
    `The setting ${key} of the dummy adapter provokes failures, which only a local run may.`,
  );
}

function count(fail: Provoked, counts: CallCounts, spot: Spot): void {
  const provoked = fail[spot];
  if (!provoked) return;
  const calls = (counts.get(spot) ?? 0) + 1;
  counts.set(spot, calls);
  const failing = calls - provoked.after;
  if (failing < 1 || failing > (provoked.times ?? Number.POSITIVE_INFINITY)) return;
  throw new OcciError(provoked.failure, provoked.message ?? `The settings make ${spot} fail.`);
}

/** Wraps the adapter of a kind so that its methods fail as configured. Returns it unchanged if no failures are set. */
export function failing<K extends KindTerm>(
  kind: K,
  adapter: KindAdapter<K>,
  fail: Provoked,
  counts: CallCounts,
): KindAdapter<K> {
  if (!Object.keys(fail).some((spot) => spot.startsWith(`${kind}.`))) return adapter;
  const methods = Object.entries(adapter).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    const spoilt = async (...call: unknown[]) => {
      count(fail, counts, `${kind}.${name as Method}`);
      return (method as (...call: unknown[]) => unknown)(...call);
    };
    return [name, spoilt];
  });
  return Object.fromEntries(methods) as unknown as KindAdapter<K>;
}
