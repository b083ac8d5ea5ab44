import type { Service } from '../service.ts';
import type { Site } from '../site.ts';

export function keystone(_site: Site): Service {
  return { isOpen: () => true, answer: () => ({ status: 404, body: 'not yet' }) };
}
