/** What a service may lack: a Neutron without its router plugin has neither routers nor floating addresses. */
import { Refusal } from './refusal.ts';

/** What a service lists, or `instead` where it has no such collection. Throws every other failure. */
export async function ifOffered<T, I>(answer: Promise<T>, instead: I): Promise<T | I> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refusal && error.lacksPath) return instead;
    throw error;
  }
}
