import type { ServiceRequest } from '../service.ts';
import { bad } from './refusals.ts';

/** The JSON object in a request. Throws 400 for anything else. */
export function parsed({ text, headers }: ServiceRequest): Record<string, unknown> {
  try {
    const value: unknown = headers['content-type']?.includes('json') ? JSON.parse(text) : undefined;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the refusal of what is not JSON at all.
  }
  throw bad('Malformed request body');
}
