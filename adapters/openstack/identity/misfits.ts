/** Settings that do not fit the catalogue of the cloud, as long as no login of this process has seen one that they fit. */
import type { OpenStackSettings } from '../config.ts';

type Place = Pick<OpenStackSettings, 'endpoint' | 'region' | 'interface'>;

const MISFITS = new Map<string, unknown>();
/** Keystone shows projects different catalogues: one that fits tells that the settings are right. */
const FITTING = new Set<string>();

const keyOf = ({ endpoint, region, interface: side }: Place): string => JSON.stringify([endpoint, region, side]);

/** What `find` finds in a catalogue. Remembers for the health check whether it throws. */
export function noting<T>(place: Place, find: () => T): T {
  try {
    const found = find();
    MISFITS.delete(keyOf(place));
    FITTING.add(keyOf(place));
    return found;
  } catch (error) {
    if (!FITTING.has(keyOf(place))) MISFITS.set(keyOf(place), error);
    throw error;
  }
}

/** Throws what the last login threw, if the settings do not fit its catalogue. */
export function requireFit(place: Place): void {
  const misfit = MISFITS.get(keyOf(place));
  if (misfit !== undefined) throw misfit;
}
