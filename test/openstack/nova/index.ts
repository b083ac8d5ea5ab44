import type { Service } from '../service.ts';
import type { Site } from '../site.ts';

/** @param _seeded with what the recorded site has */
export function nova(_site: Site, _seeded: boolean): Service {
  return { isOpen: () => false, answer: () => ({ status: 404, body: 'not yet' }) };
}
